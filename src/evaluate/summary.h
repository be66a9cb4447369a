// Figures over all cases and patients of an Evaluation, each with its n and with what was left out and why.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/calibration.h"
#include "evaluate/classification.h"
#include "evaluate/discrimination.h"
#include "evaluate/evaluation.h"
#include "evaluate/lesions.h"
#include "evaluate/subgroups.h"

namespace parotis::evaluate {

// Of the values that are defined.
struct Distribution {
  std::int64_t n = 0;
  std::int64_t undefined = 0;  // left out: the measure does not exist there
  double mean = 0, sd = 0, minimum = 0, quartile_1 = 0, median = 0, quartile_3 = 0, maximum = 0;  // NaN when n is 0
};
Distribution Describe(const std::vector<double>& values);

struct LabelSummary {
  std::string name;
  Distribution dice;               // empty-label policy of evaluate/overlap.h
  Distribution dice_when_present;  // only cases whose reference has the label
  Interval dice_interval;          // of the mean over patients; bootstrap, patients drawn
  Distribution nsd;
  Distribution hd95_mm;
  // Why distances are undefined: in neither map (dice.undefined), only in the reference, only in the prediction.
  std::int64_t missed = 0;
  std::int64_t invented = 0;
};

struct Summary {
  std::int64_t cases = 0;
  std::int64_t patients = 0;
  std::vector<LabelSummary> classes;
  LabelSummary tumour;
  bool labels_are_diagnoses =
      true;                       // evaluate/evaluation.h; else classification, discrimination, calibration have n = 0
  Interval tumour_dice_interval;  // of the mean over patients with a tumour; bootstrap, patients drawn
  Interval tumour_nsd_interval;   // of the mean, as above
  Interval tumour_hd95_interval_mm;       // of the median, over patients with a tumour and a prediction
  Distribution volume_error_ml;           // predicted − reference, cases with a tumour
  Distribution absolute_volume_error_ml;  // of these, without the sign
  LesionSummary lesions;
  Classification classification;
  Discrimination discrimination;
  Calibration calibration;
  std::vector<SubgroupTable> subgroups;  // as evaluation.subgroup_columns asks
};

// `labels_are` of evaluation.json and study-results.json.
inline constexpr const char* kDiagnoses = "diagnoses";
inline constexpr const char* kParts = "parts";
// For people, where labels are parts.
inline constexpr const char* kPartsSentence =
    "Most cases show several labels, or all of them the only one: these are parts of the body, not diagnoses, and "
    "nothing "
    "is said of classes.";
inline const char* WhatLabelsAre(const Summary& summary) { return summary.labels_are_diagnoses ? kDiagnoses : kParts; }

Summary Summarise(const Evaluation& evaluation, const BootstrapOptions& bootstrap = {});

// Mean of a measure over each patient's cases, in the order of `patients`; NaN where it exists in no case.
std::vector<double> MeanPerPatient(const Evaluation& evaluation, const std::vector<PatientResult>& patients,
                                   const std::function<double(const CaseResult&)>& measure);
std::vector<double> TumourDicePerPatient(const Evaluation& evaluation, const std::vector<PatientResult>& patients);

// The whole of evaluation.json: nnU-Net's summary.json (metric_per_case, mean, foreground_mean) with our keys beside
// it. Figures that do not exist are null. EvaluationFromJson reads it back.
base::Json DocumentOf(const Evaluation& evaluation, const Summary& summary);
base::Json ToJson(const Summary& summary);

// What `evaluate` prints.
std::string TextOf(const Summary& summary);

}  // namespace parotis::evaluate
