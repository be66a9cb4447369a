// Percentile bootstrap (Efron and Tibshirani 1993, ch. 13) with whole patients as the units that are drawn. The same
// seed gives the same interval on every machine, whatever the number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "evaluate/statistics.h"

namespace parotis::evaluate {

struct BootstrapOptions {
  int draws = 10000;
  std::uint64_t seed = 1;
  double confidence = kConfidence;
  int threads = 0;  // 0: CPU affinity
};

// `statistic` gets the indices (0 … units−1) of one resample and must be safe to call from several threads. Resamples
// on which it is NaN are left out; the interval is undefined when more than one in ten are, or without units.
Interval Bootstrap(std::size_t units, const std::function<double(std::span<const std::size_t>)>& statistic,
                   const BootstrapOptions& options);

// Of the mean of `values`, one per unit.
Interval BootstrapMean(std::span<const double> values, const BootstrapOptions& options);

}  // namespace parotis::evaluate
