// The receiver operating characteristic of one score against a yes-or-no truth.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "evaluate/bootstrap.h"
#include "evaluate/delong.h"

namespace parotis::evaluate {

// The specificities at which sensitivity is stated.
inline constexpr std::array kFixedSpecificities = {0.80, 0.85, 0.90};

// What calling every unit from `threshold` on positive gives. The first point, at +∞, calls nobody positive.
struct RocPoint {
  double threshold = 0;
  double sensitivity = 0;
  double false_positive_rate = 0;
};

// The largest sensitivity at a specificity of at least `least_specificity`.
struct OperatingPoint {
  double least_specificity = 0;
  double specificity = 0;  // the one that was reached
  double threshold = 0;    // +∞ when only calling nobody positive reaches it
  Proportion sensitivity;  // its interval takes the threshold as given
  Interval bootstrap;      // with the threshold chosen anew in every resample
};

struct RocCurve {
  std::int64_t positives = 0;
  std::int64_t negatives = 0;
  double auc = 0;       // NaN, and no points, without positives or negatives
  double variance = 0;  // DeLong's; NaN with fewer than two on a side
  AucInterval interval;
  std::vector<RocPoint> points;                  // every distinct threshold, falling
  std::vector<OperatingPoint> operating_points;  // at kFixedSpecificities
};

// `positive[u]`: 1 or 0. The bootstrap draws positives and negatives apart.
RocCurve RocOf(std::span<const double> scores, std::span<const int> positive, const BootstrapOptions& bootstrap);

const char* NameOf(AucIntervalMethod method);  // "none", "logit DeLong", "score (Newcombe 2006)"

}  // namespace parotis::evaluate
