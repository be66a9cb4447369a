#include "lab/results.h"

#include "evaluate/json_values.h"

namespace parotis::lab {

using base::Json;
using evaluate::OrNull;
using report::AnalysedRun;

Json Figure(double value, const evaluate::Interval& interval, const report::Text& text) {
  return {
      {"value", OrNull(value)}, {"low", OrNull(interval.low)}, {"high", OrNull(interval.high)}, {"text", text.plain()}};
}

Json Figure(double value, const evaluate::Interval& interval, int digits) {
  return Figure(value, interval, report::EstimateText(value, interval, digits));
}

Json Figure(const evaluate::Proportion& proportion) {
  return Figure(proportion.estimate(), proportion.interval(), report::ProportionText(proportion));
}

Json ResultsOf(const report::StudyAnalysis& study) {
  const PatientPlaces places(study);
  Json runs = Json::array();
  for (const AnalysedRun& one : study.all) {
    Json channels = Json::array();
    for (const auto& [set, names] : study.input.contrast_sets)
      if (set == one.at().contrast_set) channels = names;
    runs.push_back({{"variant", one.at().variant},
                    {"set", one.at().contrast_set},
                    {"repeat", one.at().repeat},
                    {"seed", one.at().seed},
                    {"channels", channels},
                    {"best", &one == study.best}});
  }
  Json left_out = Json::array();
  for (const report::UnfinishedTask& task : study.input.failed)
    left_out.push_back({{"what", task.what}, {"reason", task.reason}});
  return {{"classes", study.classes},
          {"labels_are", study.has_diagnoses() ? evaluate::kDiagnoses : evaluate::kParts},
          {"synthetic", study.is_synthetic()},
          {"runs", std::move(runs)},
          {"left_out", std::move(left_out)},
          {"tables", TablesOf(study)},
          {"pairs", PairsOf(study)},
          {"roc", RocOf(study, places)},
          {"calibration", CalibrationOf(study, places)},
          {"patients", PatientsOf(study, places)}};
}

}  // namespace parotis::lab
