// How well patients were classified. Unless said otherwise over patients with a tumour; those without one have their
// own figure, so that they cannot dilute the errors among the others. No tumour found, and no class given, is wrong for
// them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evaluate/bootstrap.h"
#include "evaluate/patient.h"
#include "evaluate/statistics.h"

namespace parotis::evaluate {

// One class against all other tumours.
struct OneVersusRest {
  std::string class_name;
  std::int64_t true_positive = 0, false_positive = 0, false_negative = 0, true_negative = 0;
  ProportionInterval method = ProportionInterval::kWilson;  // of the proportions below

  Proportion accuracy() const;
  Proportion sensitivity() const;
  Proportion specificity() const;
  Proportion ppv() const;
  Proportion npv() const;
};

// Rows: the truth, classes and (when there are such patients) dataset::kTumourFree. Columns: classes, kNoTumourFound
// and (when it occurs) kIndeterminate.
struct ConfusionMatrix {
  std::vector<std::string> truths;
  std::vector<std::string> predictions;
  std::vector<std::vector<std::int64_t>> counts;  // [truth][prediction]
};

struct Classification {
  std::vector<OneVersusRest> one_vs_rest;  // per class
  Proportion strict_accuracy;
  std::vector<Proportion> recall;       // per class
  double balanced_accuracy = 0;         // mean recall of the classes that have patients; NaN without patients
  Interval balanced_accuracy_interval;  // IntervalOfMean
  double kappa = 0;                     // Cohen's, unweighted; NaN when chance alone agrees always
  Interval kappa_interval;              // bootstrap over patients
  Proportion tumour_found;              // patients with a tumour in whom one was found
  Proportion tumour_free_correct;       // patients without a tumour in whom none was found
  ConfusionMatrix confusion;
};

// Throws kInput when a truth or prediction is none of the values above.
Classification Classify(const std::vector<PatientResult>& patients, const std::vector<std::string>& classes,
                        const BootstrapOptions& bootstrap, ProportionInterval method = ProportionInterval::kWilson);

// Truth and the verdict's class agree.
bool IsStrictlyCorrect(const PatientResult& patient);
bool HasTumour(const PatientResult& patient);

}  // namespace parotis::evaluate
