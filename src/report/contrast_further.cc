#include <fmt/format.h>

#include <algorithm>

#include "evaluate/summary.h"
#include "report/contrast_sections.h"
#include "report/html.h"

namespace parotis::report {
namespace {

std::string NameOf(const StudyAnalysis& study, const StudyPlace& at) {
  std::string name = study.variants.size() > 1 ? at.variant + ", " + at.contrast_set : at.contrast_set;
  if (study.input.repeats > 1) name += fmt::format(", repeat {}", at.repeat);
  return study.input.seeds.size() > 1 ? name + fmt::format(", seed {}", at.seed) : name;
}

std::vector<Text> FiguresOf(const evaluate::Summary& s) {
  if (!s.labels_are_diagnoses) return DiceOfLabels(s);
  std::vector<Text> cells = {ProportionText(s.classification.strict_accuracy)};
  for (const evaluate::OneVersusRest& one : s.classification.one_vs_rest)
    cells.push_back(ProportionText(one.sensitivity()));
  cells.insert(cells.end(),
               {EstimateText(s.discrimination.mean_auc, s.discrimination.mean_auc_interval),
                ProportionText(s.classification.tumour_found), ProportionText(s.classification.tumour_free_correct),
                EstimateText(s.tumour.dice_when_present.mean, s.tumour_dice_interval)});
  return cells;
}

// What a reader of the drawn values would reach among synthetic tumours, under the columns it has figures for.
std::vector<Text> OracleRow(const StudyAnalysis& study, const OracleFigure& oracle) {
  std::vector<Text> cells = {Text("oracle of this set", Style::kSoft), "",
                             EstimateText(oracle.strict_accuracy, oracle.interval)};
  const std::vector<std::string>& classes = study.input.oracle->classes;
  for (const std::string& name : study.classes) {
    const auto at = static_cast<std::size_t>(std::find(classes.begin(), classes.end(), name) - classes.begin());
    cells.emplace_back(at < oracle.recall.size() ? Number(oracle.recall[at], 2) : "");
  }
  cells.insert(cells.end(), {"", "", "", ""});
  return cells;
}

void AddRows(Table& table, const StudyAnalysis& study, const std::string& test) {
  for (const FurtherTest& one : study.input.further_tests) {
    if (one.test != test) continue;
    const evaluate::Summary summary = evaluate::Summarise(one.evaluation, study.input.bootstrap);
    std::vector<Text> cells = FiguresOf(summary);
    cells.insert(cells.begin(), {NameOf(study, one.at), std::to_string(summary.patients)});
    table.Add(std::move(cells));
    const OracleFigure* oracle = study.OracleOf(one.at.contrast_set);
    if (oracle != nullptr && one.evaluation.origin == evaluate::Origin::kSynthetic)
      table.Add(OracleRow(study, *oracle));
  }
}

}  // namespace

void AddFurther(Document& document, const StudyAnalysis& study) {
  if (study.input.further_tests.empty()) return;
  document.Section(kFurtherSection);
  Table table{"Patients of other datasets, who are new to every network.",
              {{"Contrast set", Align::kLeft}, {"Patients"}},
              {},
              {"Tested is the final model of each cross-validation: all of its networks together, with a decision rule "
               "chosen on patients of the study's own dataset."}};
  std::vector<std::string> titles = {"Strict accuracy"};
  for (const std::string& name : study.classes) titles.push_back("Sensitivity, " + Spaced(name));
  titles.insert(titles.end(), {"Mean area under ROC", "Tumour found", "None found, no tumour", "Tumour Dice"});
  AddFigureColumns(table, study, titles);
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
