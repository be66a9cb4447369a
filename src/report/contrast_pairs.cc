#include "report/contrast_pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/contrast_analysis.h"
#include "report/html.h"
#include "report/row_plots.h"

namespace parotis::report {
namespace {

std::string PatientsNeeded(double patients) {
  if (std::isinf(patients)) return "no number";
  if (std::isnan(patients)) return "n/a";
  return patients > 99999 ? ">\u00A099999" : Number(patients, 0);
}

std::string WithTest(const std::string& measure) {
  if (measure == evaluate::kStrictAccuracy) return MeasureTitle(measure) + " (McNemar's exact test)";
  return MeasureTitle(measure) + (measure == evaluate::kMeanAuc ? " (bootstrap)" : " (Wilcoxon's signed ranks)");
}

void AddRow(Table& table, const std::string& name, const evaluate::PairedMeasure& measure) {
  table.Add({name, std::to_string(measure.n), Number(measure.first, 2), Number(measure.second, 2),
             EstimateText(measure.difference, measure.interval, 3), PText(measure.p), PText(measure.p_holm),
             Number(measure.detectable.difference, 3), PatientsNeeded(measure.detectable.patients_needed)});
}

// The axis that holds every interval, the same to both sides.
Axis DifferenceAxis(const std::vector<ForestRow>& rows, const std::string& title) {
  double widest = 0.1;
  for (const ForestRow& row : rows) {
    for (const double end : {row.interval.low, row.interval.high, row.estimate})
      widest = std::isfinite(end) ? std::max(widest, std::abs(end)) : widest;
  }
  const double limit = std::ceil(widest * 10) / 10;
  return {title, -limit, limit, false, {}, 1};
}

}  // namespace

std::string MeasureTitle(const std::string& measure) {
  if (measure == evaluate::kStrictAccuracy) return "Strict accuracy";
  return measure == evaluate::kMeanAuc ? "Mean area under ROC" : "Tumour Dice";
}

std::string PairName(const evaluate::Comparison& pair) { return pair.first_name + "\u00A0− " + pair.second_name; }

Table PairTable(const std::vector<evaluate::Comparison>& pairs, const std::string& caption, std::size_t family) {
  Table table{caption,
              {{"Difference", Align::kLeft},
               {"n"},
               {"First"},
               {"Second"},
               {"Difference, 95 % interval"},
               {"p"},
               {"p, Holm"},
               {"Detectable here"},
               {"Patients needed"}},
              {},
              {}};
  for (const std::string& name : evaluate::MainMeasures()) {
    if (!AnyHas(pairs, name)) continue;
    table.AddGroup(WithTest(name));
    for (const evaluate::Comparison& pair : pairs) {
      if (const evaluate::PairedMeasure* measure = pair.Find(name)) AddRow(table, PairName(pair), *measure);
    }
  }
  table.notes = {fmt::format(
      "First minus second, on the same patients; above 0 the first is better. Holm's correction is over the {} tests "
      "of this table. Intervals: Newcombe's method 10, bootstrap, bootstrap. Detectable here: the smallest true "
      "difference that a study of this size finds with 80 % power at 5 %; a smaller one is neither shown nor excluded "
      "by a p above 0.05. Patients needed: for the observed difference. Intervals and tests hold for the networks as "
      "they were trained.",
      family)};
  return table;
}

Drawing PairForest(const std::vector<evaluate::Comparison>& pairs, const char* measure, const std::string& title) {
  ForestInput forest;
  for (const evaluate::Comparison& pair : pairs) {
    const evaluate::PairedMeasure* one = pair.Find(measure);
    if (one == nullptr) continue;
    forest.rows.push_back({PairName(pair), one->difference, one->interval,
                           fmt::format("{} ({})", Number(one->difference, 2), IntervalText(one->interval)), 0});
  }
  forest.axis = DifferenceAxis(forest.rows, title);
  forest.zero_line = true;
  forest.alternative = title;
  return ForestPlot(forest);
}

}  // namespace parotis::report
