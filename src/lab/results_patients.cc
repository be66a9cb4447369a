#include <set>

#include "evaluate/json_values.h"
#include "lab/results.h"
#include "report/plots.h"

namespace parotis::lab {
namespace {

using base::Json;
using evaluate::OrNull;
using evaluate::PatientResult;
using report::AnalysedRun;
using report::StudyAnalysis;

struct Step {
  Json x = Json::array(), y = Json::array(), threshold = Json::array(), patients = Json::array();
};

// Who is called positive from each threshold on and was not before.
Step StepsOf(const evaluate::RocCurve& roc, const evaluate::ScoredPatients& scored, std::size_t c,
             const PatientPlaces& places) {
  std::map<double, Json> at;
  for (std::size_t p = 0; p < scored.patient_ids.size(); ++p)
    at.try_emplace(scored.table.scores[c][p], Json::array()).first->second.push_back(places.Of(scored.patient_ids[p]));
  Step step;
  for (const evaluate::RocPoint& point : roc.points) {
    step.x.push_back(point.false_positive_rate);
    step.y.push_back(point.sensitivity);
    step.threshold.push_back(OrNull(point.threshold));
    const auto found = at.find(point.threshold);
    step.patients.push_back(found == at.end() ? Json::array() : found->second);
  }
  return step;
}

Json RocOfRun(const AnalysedRun& run, const PatientPlaces& places) {
  const evaluate::ScoredPatients scored =
      evaluate::ScoresOf(evaluate::PatientsOf(run.run->evaluation), run.run->evaluation.classes);
  const std::vector<report::Point> said = report::OperatingPointsOf(run.summary.classification);
  Json classes = Json::array();
  for (std::size_t c = 0; c < run.summary.discrimination.classes.size(); ++c) {
    const evaluate::RocCurve& roc = run.summary.discrimination.classes[c].roc;
    Step step = StepsOf(roc, scored, c, places);
    Json at = Json::array();
    for (const evaluate::OperatingPoint& point : roc.operating_points)
      at.push_back({{"specificity", point.least_specificity},
                    {"reached", OrNull(point.specificity)},
                    {"threshold", OrNull(point.threshold)},
                    {"sensitivity", Figure(point.sensitivity)}});
    classes.push_back({{"area", Figure(roc.auc, roc.interval.interval)},
                       {"positives", roc.positives},
                       {"negatives", roc.negatives},
                       {"said", c < said.size() ? Json{OrNull(said[c][0]), OrNull(said[c][1])} : Json(nullptr)},
                       {"at_specificity", std::move(at)},
                       {"x", std::move(step.x)},
                       {"y", std::move(step.y)},
                       {"threshold", std::move(step.threshold)},
                       {"patients", std::move(step.patients)}});
  }
  return classes;
}

Json Saying(const PatientResult& patient, double dice, int fold, bool is_diagnosis) {
  const bool is_right = evaluate::HasTumour(patient) ? evaluate::IsStrictlyCorrect(patient)
                                                     : patient.verdict.predicted == evaluate::kNoTumourFound;
  return {{"said", is_diagnosis ? patient.verdict.predicted : std::string()},
          {"p", is_diagnosis && !patient.verdict.class_probabilities.empty() ? Json(patient.verdict.class_probabilities)
                                                                             : Json(nullptr)},
          {"right", is_diagnosis ? Json(is_right) : Json(nullptr)},
          {"dice", OrNull(dice)},
          {"fold", fold}};
}

}  // namespace

PatientPlaces::PatientPlaces(const StudyAnalysis& study) {
  for (const AnalysedRun& run : study.all)
    for (const evaluate::CaseResult& one : run.run->evaluation.cases) places_.try_emplace(one.patient_id, 0);
  std::size_t next = 0;
  for (auto& [id, place] : places_) place = next++;
}

Json PatientsOf(const StudyAnalysis& study, const PatientPlaces& places) {
  Json patients = Json::array();
  for (const auto& [id, place] : places.all()) {
    patients.push_back({{"id", id},
                        {"cases", Json::array()},
                        {"truth", ""},
                        {"columns", Json::object()},
                        {"runs", Json(std::vector<Json>(study.all.size()))}});
  }
  for (const dataset::Participant& participant : study.input.participants) {
    const auto found = places.all().find(participant.patient_id);
    if (found == places.all().end()) continue;
    for (const auto& [column, value] : participant.columns) patients[found->second]["columns"][column] = value;
  }
  for (std::size_t r = 0; r < study.all.size(); ++r) {
    const evaluate::Evaluation& evaluation = study.all[r].run->evaluation;
    std::map<std::string, int> folds;
    for (const evaluate::CaseResult& one : evaluation.cases) folds[one.case_id] = one.fold;
    const std::vector<PatientResult> results = evaluate::PatientsOf(evaluation);
    const std::vector<double> dice = evaluate::TumourDicePerPatient(evaluation, results);
    for (std::size_t p = 0; p < results.size(); ++p) {
      Json& patient = patients[places.Of(results[p].patient_id)];
      patient["cases"] = results[p].case_ids;
      patient["truth"] = study.has_diagnoses() ? results[p].truth : std::string();
      patient["runs"][r] = Saying(results[p], dice[p], folds.at(results[p].case_ids.at(0)), study.has_diagnoses());
    }
  }
  return patients;
}

Json RocOf(const StudyAnalysis& study, const PatientPlaces& places) {
  Json runs = Json::array();
  if (!study.has_diagnoses()) return runs;
  for (const AnalysedRun& run : study.all) runs.push_back(RocOfRun(run, places));
  return runs;
}

Json CalibrationOf(const StudyAnalysis& study, const PatientPlaces& places) {
  Json runs = Json::array();
  if (!study.has_diagnoses()) return runs;
  for (const AnalysedRun& run : study.all) {
    Json bins = Json::array();
    for (const evaluate::ReliabilityBin& bin : run.summary.calibration.bins) {
      Json patients = Json::array();
      for (const std::string& id : bin.patient_ids) patients.push_back(places.Of(id));
      bins.push_back({{"low", bin.low},
                      {"high", bin.high},
                      {"n", bin.n},
                      {"predicted", OrNull(bin.mean_confidence)},
                      {"observed", OrNull(bin.accuracy)},
                      {"interval", evaluate::ToJson(bin.interval)},
                      {"patients", std::move(patients)}});
    }
    runs.push_back({{"n", run.summary.calibration.n},
                    {"without", run.summary.calibration.without_probabilities},
                    {"bins", std::move(bins)}});
  }
  return runs;
}

}  // namespace parotis::lab
