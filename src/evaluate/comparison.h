// Two runs on the same patients: paired differences, first minus second.
#pragma once

#include <string>
#include <vector>

#include "evaluate/bootstrap.h"
#include "evaluate/evaluation.h"
#include "evaluate/statistics.h"

namespace parotis::evaluate {

struct PairedMean {
  std::int64_t n = 0;         // patients for whom the measure exists in both runs
  std::int64_t left_out = 0;  // for whom it does not
  double first = 0;
  double second = 0;
  double difference = 0;
  Interval interval;  // bootstrap over patients
  double wilcoxon_p = 1;
};

struct Comparison {
  std::string first_name;
  std::string second_name;
  std::int64_t patients = 0;
  PairedCounts strict;       // patients with a tumour: class correct in both, in one, in none
  Interval strict_interval;  // Newcombe
  double mcnemar_p = 1;
  double balanced_accuracy_difference = 0;  // NaN without patients
  Interval balanced_accuracy_interval;      // bootstrap over patients
  PairedMean tumour_dice;                   // patients with a tumour
  PairedCounts tumour_free;                 // patients without one: none found in both, in one, in none
};

// Throws kInput when the runs do not have the same patients, truths and classes; the message lists who is missing
// where.
Comparison Compare(const Evaluation& first, const Evaluation& second, const BootstrapOptions& bootstrap = {});

base::Json ToJson(const Comparison& comparison);
std::string TextOf(const Comparison& comparison);

}  // namespace parotis::evaluate
