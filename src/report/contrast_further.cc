#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "evaluate/summary.h"
#include "report/contrast_sections.h"
#include "report/html.h"

namespace parotis::report {
namespace {

using evaluate::PatientResult;

// Resampling patients who are all alike says nothing: where each is wholly right or wholly wrong, Wilson's interval.
evaluate::Interval IntervalOf(const std::vector<double>& means, const evaluate::BootstrapOptions& bootstrap) {
  const auto right = std::count(means.begin(), means.end(), 1.0), wrong = std::count(means.begin(), means.end(), 0.0);
  const auto n = static_cast<std::int64_t>(means.size());
  if (right + wrong == n) return evaluate::WilsonInterval(right, n);
  if (std::count(means.begin(), means.end(), means[0]) == n) return {std::nan(""), std::nan("")};
  return evaluate::BootstrapMean(means, bootstrap);
}

// What the runs of one cross-validation said about the same patients: for each of them the mean over the runs, so that
// a patient who was judged five times counts once.
class JudgedByAll {
 public:
  void Add(const evaluate::Evaluation& run) {
    const std::vector<PatientResult> patients = evaluate::PatientsOf(run);
    for (std::size_t c = 0; c < run.classes.size(); ++c) {
      const auto dice = evaluate::MeanPerPatient(run, patients, [c](const evaluate::CaseResult& result) {
        return evaluate::DiceOf(result.classes[c].overlap);
      });
      for (std::size_t p = 0; p < patients.size(); ++p) {
        if (std::isfinite(dice[p])) values_["dice " + run.classes[c]][patients[p].patient_id].push_back(dice[p]);
      }
    }
    AddVerdicts(run, patients);
    ++runs_;
  }

  Text Mean(const std::string& what, const evaluate::BootstrapOptions& bootstrap) const {
    const auto found = values_.find(what);
    if (found == values_.end()) return "n/a";
    std::vector<double> means;
    for (const auto& [id, of_runs] : found->second) means.push_back(evaluate::MeanOf(of_runs));
    return EstimateText(evaluate::MeanOf(means), IntervalOf(means, bootstrap))
        .Soft(fmt::format(" (n\u00A0{})", means.size()));
  }
  std::string RangeOfRuns() const {
    if (strict_of_runs_.empty()) return "n/a";
    const auto [low, high] = std::minmax_element(strict_of_runs_.begin(), strict_of_runs_.end());
    return fmt::format("{}\u00A0to\u00A0{}", Number(*low, 2), Number(*high, 2));
  }
  std::size_t runs() const { return runs_; }

 private:
  void AddVerdicts(const evaluate::Evaluation& run, const std::vector<PatientResult>& patients) {
    const std::vector<double> dice = evaluate::TumourDicePerPatient(run, patients);
    double right = 0, tumours = 0;
    for (std::size_t p = 0; p < patients.size(); ++p) {
      const PatientResult& patient = patients[p];
      const bool is_found = patient.verdict.predicted != evaluate::kNoTumourFound;
      if (!evaluate::HasTumour(patient)) {
        values_["free"][patient.patient_id].push_back(is_found ? 0 : 1);
        continue;
      }
      const double is_right = evaluate::IsStrictlyCorrect(patient) ? 1 : 0;
      right += is_right;
      ++tumours;
      values_["strict"][patient.patient_id].push_back(is_right);
      values_["found"][patient.patient_id].push_back(is_found ? 1 : 0);
      values_["class " + patient.truth][patient.patient_id].push_back(is_right);
      if (std::isfinite(dice[p])) values_["dice"][patient.patient_id].push_back(dice[p]);
    }
    if (tumours > 0) strict_of_runs_.push_back(right / tumours);
  }

  std::map<std::string, std::map<std::string, std::vector<double>>> values_;  // figure → patient → of each run
  std::vector<double> strict_of_runs_;
  std::size_t runs_ = 0;
};

std::string NameOf(const StudyAnalysis& study, const StudyPlace& at) {
  std::string name = study.variants.size() > 1 ? at.variant + ", " + at.contrast_set : at.contrast_set;
  if (study.input.repeats > 1) name += fmt::format(", repeat {}", at.repeat);
  return study.input.seeds.size() > 1 ? name + fmt::format(", seed {}", at.seed) : name;
}

// The tests of one dataset, by cross-validation in the order of the study.
void AddRows(Table& table, const StudyAnalysis& study, const std::string& test) {
  std::vector<std::pair<StudyPlace, JudgedByAll>> wholes;
  for (const FurtherTest& one : study.input.further_tests) {
    if (one.test != test) continue;
    auto whole = std::find_if(wholes.begin(), wholes.end(), [&](const auto& w) { return w.first == one.at; });
    if (whole == wholes.end()) whole = wholes.insert(wholes.end(), {one.at, {}});
    whole->second.Add(one.evaluation);
  }
  const evaluate::BootstrapOptions& bootstrap = study.input.bootstrap;
  for (const auto& [at, judged] : wholes) {
    std::vector<Text> cells = {NameOf(study, at), std::to_string(judged.runs())};
    if (study.has_diagnoses()) {
      cells.push_back(judged.Mean("strict", bootstrap));
      cells.emplace_back(judged.RangeOfRuns());
      for (const std::string& name : study.classes) cells.push_back(judged.Mean("class " + name, bootstrap));
      for (const char* what : {"found", "free", "dice"}) cells.push_back(judged.Mean(what, bootstrap));
    } else {
      for (const std::string& name : study.classes) cells.push_back(judged.Mean("dice " + name, bootstrap));
    }
    table.Add(std::move(cells));
  }
}

}  // namespace

void AddFurther(Document& document, const StudyAnalysis& study) {
  if (study.input.further_tests.empty()) return;
  document.Section(kFurtherSection);
  Table table{"Patients of other datasets, who are new to every network.",
              {{"Contrast set", Align::kLeft}, {"Runs"}},
              {},
              {"Each run, trained without one fold, was tested on all of these patients. A figure is the mean over "
               "patients of what the runs said of each, with a 95 % interval over patients (bootstrap; Wilson where "
               "all runs agree about every patient)."}};
  std::vector<std::string> titles = {"Strict accuracy", "Single runs"};
  for (const std::string& name : study.classes) titles.push_back("Sensitivity, " + Spaced(name));
  titles.insert(titles.end(), {"Tumour found", "None found, no tumour", "Tumour Dice"});
  AddFigureColumns(table, study, titles);
  if (study.has_diagnoses())
    table.notes.emplace_back("Single runs: the lowest and the highest strict accuracy among them.");
  std::vector<std::string> tests;
  for (const FurtherTest& one : study.input.further_tests) {
    if (std::find(tests.begin(), tests.end(), one.test) != tests.end()) continue;
    tests.push_back(one.test);
    const bool is_synthetic = one.evaluation.origin == evaluate::Origin::kSynthetic;
    table.AddGroup(
        fmt::format("{} ({}){}", one.test, one.evaluation.dataset_name, is_synthetic ? ": synthetic patients" : ""));
    AddRows(table, study, one.test);
  }
  document.Add(std::move(table));
}

}  // namespace parotis::report
