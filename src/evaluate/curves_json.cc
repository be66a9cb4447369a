// Curves and calibration as JSON, with every point a page needs to draw them. Declared in evaluate/discrimination.h and
// evaluate/calibration.h.
#include "evaluate/calibration.h"
#include "evaluate/discrimination.h"
#include "evaluate/json_values.h"

namespace parotis::evaluate {
namespace {

using base::Json;

Json ToJson(const OperatingPoint& point) {
  return {{"least_specificity", point.least_specificity},
          {"specificity", OrNull(point.specificity)},
          {"threshold", OrNull(point.threshold)},
          {"sensitivity", evaluate::ToJson(point.sensitivity)},
          {"bootstrap_95", evaluate::ToJson(point.bootstrap)}};
}

// Points as columns: three short lists instead of hundreds of objects.
Json ToJson(const RocCurve& roc) {
  Json thresholds = Json::array();
  Json sensitivities = Json::array();
  Json false_positive_rates = Json::array();
  for (const RocPoint& point : roc.points) {
    thresholds.push_back(OrNull(point.threshold));
    sensitivities.push_back(point.sensitivity);
    false_positive_rates.push_back(point.false_positive_rate);
  }
  Json operating_points = Json::array();
  for (const OperatingPoint& point : roc.operating_points) operating_points.push_back(ToJson(point));
  return {{"estimate", OrNull(roc.auc)},
          {"interval_95", evaluate::ToJson(roc.interval.interval)},
          {"interval_method", NameOf(roc.interval.method)},
          {"delong_variance", OrNull(roc.variance)},
          {"positives", roc.positives},
          {"negatives", roc.negatives},
          {"sensitivity_at_specificity", operating_points},
          {"points",
           {{"threshold", thresholds}, {"sensitivity", sensitivities}, {"false_positive_rate", false_positive_rates}}}};
}

Json ToJson(const PrecisionRecall& curve) {
  Json thresholds = Json::array();
  Json recalls = Json::array();
  Json precisions = Json::array();
  for (const PrecisionRecallPoint& point : curve.points) {
    thresholds.push_back(point.threshold);
    recalls.push_back(point.recall);
    precisions.push_back(point.precision);
  }
  return {{"estimate", OrNull(curve.average_precision)},
          {"interval_95", evaluate::ToJson(curve.interval)},
          {"prevalence", OrNull(curve.prevalence)},
          {"positives", curve.positives},
          {"n", curve.n},
          {"points", {{"threshold", thresholds}, {"recall", recalls}, {"precision", precisions}}}};
}

Json ToJson(const std::vector<ReliabilityBin>& bins) {
  Json list = Json::array();
  for (const ReliabilityBin& bin : bins) {
    list.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"n", bin.n},
                    {"mean_confidence", OrNull(bin.mean_confidence)},
                    {"accuracy", OrNull(bin.accuracy)},
                    {"accuracy_interval_95", evaluate::ToJson(bin.interval)}});
  }
  return list;
}

}  // namespace

Json ToJson(const Discrimination& d) {
  Json classes = Json::object();
  for (const ClassDiscrimination& one : d.classes) {
    Json auc = ToJson(one.roc);
    auc["estimate_when_found"] = OrNull(one.auc_when_found);
    classes[one.class_name] = {{"auc", auc}, {"average_precision", ToJson(one.precision_recall)}};
  }
  return {{"n", d.n},
          {"scored_zero", d.scored_zero},
          {"without_probabilities", d.without_probabilities},
          {"n_when_found", d.n_found},
          {"mean_auc",
           {{"estimate", OrNull(d.mean_auc)},
            {"interval_95", ToJson(d.mean_auc_interval)},
            {"n", d.n},
            {"estimate_when_found", OrNull(d.mean_auc_when_found)}}},
          {"classes", classes}};
}

Json ToJson(const Calibration& c) {
  return {{"n", c.n},
          {"without_probabilities", c.without_probabilities},
          {"brier", OrNull(c.brier)},
          {"ece", OrNull(c.ece)},
          {"bins", ToJson(c.bins)},
          {"adaptive_ece", OrNull(c.adaptive_ece)},
          {"adaptive_bins", ToJson(c.adaptive_bins)},
          {"slope", {{"estimate", OrNull(c.slope)}, {"interval_95", ToJson(c.slope_interval)}}},
          {"intercept", {{"estimate", OrNull(c.intercept)}, {"interval_95", ToJson(c.intercept_interval)}}}};
}

}  // namespace parotis::evaluate
