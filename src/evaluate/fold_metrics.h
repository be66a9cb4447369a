// A cross-validation fold by fold.
#pragma once

#include <vector>

#include "evaluate/evaluation.h"

namespace parotis::evaluate {

// Over the fold's patients with a tumour; NaN where it has none, and accuracy where labels are no diagnoses.
struct FoldMetrics {
  int fold = kNoFold;
  double strict_accuracy = 0;
  double tumour_dice = 0;
};

// By fold; cases whose fold is not known are in none.
std::vector<FoldMetrics> MetricsByFold(const Evaluation& evaluation);

}  // namespace parotis::evaluate
