// A Summary as JSON. Declared in evaluate/summary.h.
#include "evaluate/json_values.h"
#include "evaluate/summary.h"

namespace parotis::evaluate {
namespace {

using base::Json;

Json ToJson(const Distribution& d) {
  return {{"mean", OrNull(d.mean)},     {"sd", OrNull(d.sd)},         {"n", d.n},
          {"undefined", d.undefined},   {"min", OrNull(d.minimum)},   {"q1", OrNull(d.quartile_1)},
          {"median", OrNull(d.median)}, {"q3", OrNull(d.quartile_3)}, {"max", OrNull(d.maximum)}};
}

Json ToJson(const LabelSummary& label) {
  return {{"dice", ToJson(label.dice)}, {"dice_when_present", ToJson(label.dice_when_present)},
          {"nsd", ToJson(label.nsd)},   {"hd95_mm", ToJson(label.hd95_mm)},
          {"missed", label.missed},     {"invented", label.invented}};
}

Json ToJson(const OneVersusRest& table) {
  return {{"TP", table.true_positive},
          {"FP", table.false_positive},
          {"FN", table.false_negative},
          {"TN", table.true_negative},
          {"accuracy", evaluate::ToJson(table.accuracy())},
          {"sensitivity", evaluate::ToJson(table.sensitivity())},
          {"specificity", evaluate::ToJson(table.specificity())},
          {"ppv", evaluate::ToJson(table.ppv())},
          {"npv", evaluate::ToJson(table.npv())}};
}

Json ToJson(const Classification& c) {
  Json one_vs_rest = Json::object();
  for (const OneVersusRest& table : c.one_vs_rest) one_vs_rest[table.class_name] = ToJson(table);
  return {{"strict_accuracy", evaluate::ToJson(c.strict_accuracy)},
          {"balanced_accuracy",
           {{"estimate", OrNull(c.balanced_accuracy)},
            {"interval_95", evaluate::ToJson(c.balanced_accuracy_interval)},
            {"n", c.strict_accuracy.n}}},
          {"kappa",
           {{"estimate", OrNull(c.kappa)},
            {"interval_95", evaluate::ToJson(c.kappa_interval)},
            {"n", c.strict_accuracy.n}}},
          {"tumour_found", evaluate::ToJson(c.tumour_found)},
          {"tumour_free_specificity", evaluate::ToJson(c.tumour_free_correct)},
          {"one_vs_rest", one_vs_rest},
          {"confusion",
           {{"truths", c.confusion.truths}, {"predictions", c.confusion.predictions}, {"counts", c.confusion.counts}}}};
}

}  // namespace

Json ToJson(const Summary& summary) {
  Json labels = Json::object();
  std::vector<std::string> names;
  for (const LabelSummary& label : summary.classes) {
    labels[label.name] = ToJson(label);
    labels[label.name]["mean_dice_interval_95"] = ToJson(label.dice_interval);
    names.push_back(label.name);
  }
  Json tumour = ToJson(summary.tumour);
  tumour["mean_dice_interval_95"] = ToJson(summary.tumour_dice_interval);
  tumour["mean_nsd_interval_95"] = ToJson(summary.tumour_nsd_interval);
  tumour["median_hd95_interval_95_mm"] = ToJson(summary.tumour_hd95_interval_mm);
  tumour["volume_error_ml"] = ToJson(summary.volume_error_ml);
  tumour["absolute_volume_error_ml"] = ToJson(summary.absolute_volume_error_ml);
  return {{"cases", summary.cases},
          {"patients", summary.patients},
          {"labels_are", WhatLabelsAre(summary)},
          {"classification", ToJson(summary.classification)},
          {"tumour", tumour},
          {"classes", labels},
          {"lesions", ToJson(summary.lesions)},
          {"discrimination", ToJson(summary.discrimination)},
          {"calibration", ToJson(summary.calibration)},
          {"subgroups", ToJson(summary.subgroups, names)}};
}

}  // namespace parotis::evaluate
