// Where the spread of a metric over many training runs comes from, and what means over folds can and cannot say.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "evaluate/statistics.h"

namespace parotis::evaluate {

// One trained and evaluated model.
struct RunMetric {
  std::int64_t seed = 0;
  std::int64_t fold = 0;
  double value = 0;
};

// y = mean + seed + fold + residual, seeds and folds random and crossed, one run in each cell; method of moments
// (Searle, Casella and McCulloch 1992, section 4.7). The residual contains the interaction of seed and fold.
struct VarianceComponents {
  std::int64_t seeds = 0;
  std::int64_t folds = 0;
  double mean = 0;
  double seed_variance = 0, fold_variance = 0, residual_variance = 0;  // as estimated: may be negative, then noise
  double sd_across_seeds = 0;  // root mean variance among the seeds of a fold, folds held fixed; NaN with one seed
  double sd_across_folds = 0;  // root mean variance among the folds of a seed, seeds held fixed; NaN with one fold
};

// Components are NaN unless there are two seeds and two folds. Throws kInput when a cell is missing, stands twice or
// is not finite: an unbalanced table has no unique answer.
VarianceComponents ComponentsOf(std::span<const RunMetric> runs);

base::Json ToJson(const VarianceComponents& components);

// The mean over folds of a metric's difference between two methods. Folds share training patients, so their spread
// understates the variance: corrected resampled t of Nadeau and Bengio, Mach Learn 2003;52:239, variance
// (1/k + test/train) · s², k − 1 degrees of freedom.
struct CorrectedResampled {
  std::int64_t folds = 0;
  double mean = 0;
  double standard_error = 0;
  Interval interval;
  double t = 0;
  double p = 1;  // NaN with fewer than two folds; 1 when no fold differs
};

// `test_share`: patients tested over patients trained on, in one fold. NaN differences are not allowed.
CorrectedResampled CorrectedResampledT(std::span<const double> differences, double test_share,
                                       double confidence = kConfidence);

}  // namespace parotis::evaluate
