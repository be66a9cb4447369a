#include <fmt/format.h>

#include <functional>

#include "evaluate/comparison.h"
#include "evaluate/json_values.h"
#include "lab/results.h"
#include "report/contrast_pairs.h"
#include "report/html.h"

namespace parotis::lab {
namespace {

using base::Json;
using evaluate::Summary;
using report::AnalysedRun;
using report::StudyAnalysis;

struct Column {
  std::string title;
  std::function<Json(const Summary&)> figure;
};

Json TableOf(const StudyAnalysis& study, const std::string& title, const std::vector<Column>& columns) {
  Json titles = Json::array(), rows = Json::array();
  for (const Column& column : columns) titles.push_back(column.title);
  for (const AnalysedRun& one : study.all) {
    Json row = Json::array();
    for (const Column& column : columns) row.push_back(column.figure(one.summary));
    rows.push_back(std::move(row));
  }
  return {{"title", title}, {"columns", std::move(titles)}, {"rows", std::move(rows)}};
}

Json Count(std::int64_t n) { return Figure(static_cast<double>(n), {0, 0}, report::Text(std::to_string(n))); }

Json Plain(double value, int digits) {
  return Figure(value, {evaluate::kUndefined, evaluate::kUndefined}, report::Text(report::Number(value, digits)));
}

Column TumourDice() {
  return {"Tumour Dice",
          [](const Summary& s) { return Figure(s.tumour.dice_when_present.mean, s.tumour_dice_interval); }};
}

Json WholeTable(const StudyAnalysis& study) {
  return TableOf(
      study, "All classes together",
      {{"Patients with a tumour", [](const Summary& s) { return Count(s.classification.strict_accuracy.n); }},
       {"Strict accuracy", [](const Summary& s) { return Figure(s.classification.strict_accuracy); }},
       {"Balanced accuracy",
        [](const Summary& s) {
          return Figure(s.classification.balanced_accuracy, s.classification.balanced_accuracy_interval);
        }},
       {"Mean area under ROC",
        [](const Summary& s) { return Figure(s.discrimination.mean_auc, s.discrimination.mean_auc_interval); }},
       {"Tumour found", [](const Summary& s) { return Figure(s.classification.tumour_found); }},
       TumourDice()});
}

Json PartsTable(const StudyAnalysis& study) {
  std::vector<Column> columns = {{"Cases", [](const Summary& s) { return Count(s.cases); }}};
  for (std::size_t c = 0; c < study.classes.size(); ++c) {
    columns.push_back({fmt::format("Dice, {}", report::Spaced(study.classes[c])), [c](const Summary& s) {
                         return Figure(s.classes.at(c).dice.mean, s.classes.at(c).dice_interval);
                       }});
  }
  return TableOf(study, "Overlap of each label", columns);
}

Json ClassTable(const StudyAnalysis& study, std::size_t c) {
  using evaluate::OneVersusRest;
  const auto of = [c](evaluate::Proportion (OneVersusRest::*figure)() const) {
    return [c, figure](const Summary& s) { return Figure((s.classification.one_vs_rest.at(c).*figure)()); };
  };
  return TableOf(study, report::Spaced(study.classes[c]) + " against all other tumours",
                 {{"Accuracy", of(&OneVersusRest::accuracy)},
                  {"Sensitivity", of(&OneVersusRest::sensitivity)},
                  {"Specificity", of(&OneVersusRest::specificity)},
                  {"PPV", of(&OneVersusRest::ppv)},
                  {"NPV", of(&OneVersusRest::npv)},
                  {"Area under ROC", [c](const Summary& s) {
                     const evaluate::RocCurve& roc = s.discrimination.classes.at(c).roc;
                     return Figure(roc.auc, roc.interval.interval);
                   }}});
}

Json CalibrationTable(const StudyAnalysis& study) {
  return TableOf(study, "Calibration",
                 {{"Patients", [](const Summary& s) { return Count(s.calibration.n); }},
                  {"Brier score", [](const Summary& s) { return Plain(s.calibration.brier, 3); }},
                  {"ECE", [](const Summary& s) { return Plain(s.calibration.ece, 3); }},
                  {"Slope", [](const Summary& s) { return Figure(s.calibration.slope, s.calibration.slope_interval); }},
                  {"Intercept", [](const Summary& s) {
                     return Figure(s.calibration.intercept, s.calibration.intercept_interval);
                   }}});
}

}  // namespace

Json TablesOf(const StudyAnalysis& study) {
  Json tables = Json::array();
  if (study.best == nullptr) return tables;
  if (!study.has_diagnoses()) return Json::array({PartsTable(study)});
  tables.push_back(WholeTable(study));
  for (std::size_t c = 0; c < study.classes.size(); ++c) tables.push_back(ClassTable(study, c));
  tables.push_back(CalibrationTable(study));
  return tables;
}

Json PairsOf(const StudyAnalysis& study) {
  const char* measure = study.has_diagnoses() ? evaluate::kStrictAccuracy : evaluate::kTumourDice;
  Json rows = Json::array();
  for (const evaluate::Comparison& pair : study.comparisons.pairs) {
    const evaluate::PairedMeasure* found = pair.Find(measure);
    if (found == nullptr) continue;
    rows.push_back({{"name", report::PairName(pair)},
                    {"difference", Figure(found->difference, found->interval, 3)},
                    {"p", report::PText(found->p)},
                    {"p_holm", report::PText(found->p_holm)}});
  }
  return {{"measure", report::MeasureTitle(measure)}, {"problem", study.why_no_comparison}, {"rows", std::move(rows)}};
}

}  // namespace parotis::lab
