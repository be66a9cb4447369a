// Precision against recall of one score against a yes-or-no truth.
#pragma once

#include <span>
#include <vector>

#include "evaluate/bootstrap.h"

namespace parotis::evaluate {

// Of calling every unit from `threshold` on positive.
struct PrecisionRecallPoint {
  double threshold = 0;
  double recall = 0;
  double precision = 0;
};

struct PrecisionRecall {
  std::int64_t positives = 0;
  std::int64_t n = 0;
  double average_precision = 0;              // evaluate/ranked_scores.h; NaN, and no points, without positives
  double prevalence = 0;                     // what a score without information reaches
  Interval interval;                         // bootstrap, positives and negatives drawn apart: the prevalence is kept
  std::vector<PrecisionRecallPoint> points;  // every distinct threshold, falling
};

PrecisionRecall PrecisionRecallOf(std::span<const double> scores, std::span<const int> positive,
                                  const BootstrapOptions& bootstrap);

}  // namespace parotis::evaluate
