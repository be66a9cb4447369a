// comparison.json. Declared in evaluate/comparison.h.
#include "evaluate/comparison.h"
#include "evaluate/json_values.h"

namespace parotis::evaluate {
namespace {

using base::Json;

Json ToJson(const PairedCounts& counts) {
  return {{"both", counts.both},
          {"only_first", counts.only_first},
          {"only_second", counts.only_second},
          {"neither", counts.neither}};
}

Json ToJson(const CorrectedResampled& t) {
  return {{"method", "corrected resampled t (Nadeau and Bengio 2003)"},
          {"folds", t.folds},
          {"mean_difference", OrNull(t.mean)},
          {"standard_error", OrNull(t.standard_error)},
          {"interval_95", evaluate::ToJson(t.interval)},
          {"t", OrNull(t.t)},
          {"p", OrNull(t.p)}};
}

Json ToJson(const ComparisonSet& set, const Hypothesis& hypothesis) {
  const Comparison& pair = set.pairs[hypothesis.pair];
  return {{"first", pair.first_name},
          {"second", pair.second_name},
          {"measure", hypothesis.measure},
          {"test", pair.Find(hypothesis.measure)->test},
          {"p", hypothesis.p},
          {"p_holm", hypothesis.p_holm}};
}

}  // namespace

Json ToJson(const PairedMeasure& m) {
  return {{"n", m.n},
          {"left_out", m.left_out},
          {"left_out_reason", m.left_out == 0 ? Json(nullptr) : Json(m.left_out_reason)},
          {"lower_is_better", m.lower_is_better},
          {"first", OrNull(m.first)},
          {"second", OrNull(m.second)},
          {"difference", OrNull(m.difference)},
          {"interval_95", ToJson(m.interval)},
          {"interval_method", m.interval_method},
          {"bootstrap_95", ToJson(m.bootstrap)},
          {"test", m.test},
          {"p", OrNull(m.p)},
          {"p_holm", OrNull(m.p_holm)},
          {"detectable_difference", OrNull(m.detectable.difference)},
          {"patients_needed", OrNull(m.detectable.patients_needed)},
          {"over_folds", m.over_folds ? ToJson(*m.over_folds) : Json(nullptr)}};
}

Json ToJson(const Comparison& c) {
  Json json = {{"first", c.first_name}, {"second", c.second_name}, {"patients", c.patients}};
  for (const PairedMeasure& measure : c.measures) json[measure.name] = ToJson(measure);
  if (json.contains(kStrictAccuracy)) json[kStrictAccuracy]["counts"] = ToJson(c.strict);
  json["tumour_free"] = {{"n", c.tumour_free.n()}, {"counts", ToJson(c.tumour_free)}};
  return json;
}

Json ToJson(const ComparisonSet& set) {
  Json comparisons = Json::array();
  Json hypotheses = Json::array();
  for (const Comparison& comparison : set.pairs) comparisons.push_back(ToJson(comparison));
  for (const Hypothesis& hypothesis : set.family) hypotheses.push_back(ToJson(set, hypothesis));
  return {
      {"comparisons", comparisons},
      {"family", {{"correction", "Holm 1979"}, {"size", set.family.size()}, {"hypotheses", hypotheses}}},
      {"folds", {{"count", set.folds}, {"unknown_because", set.folds > 0 ? Json(nullptr) : Json(set.why_no_folds)}}}};
}

}  // namespace parotis::evaluate
