// Percentile bootstrap (Efron and Tibshirani 1993, ch. 13) with whole patients as the units that are drawn. The same
// seed gives the same interval on every machine, whatever the number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "evaluate/ranked_scores.h"
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

// Several statistics of the same resamples.
struct BootstrapDraws {
  std::vector<std::vector<double>> columns;  // [statistic][draw]; NaN where the statistic did not exist
  double confidence = kConfidence;

  // NaN draws are left out; undefined when more than one in ten are NaN, or without draws.
  Interval IntervalOf(std::size_t statistic) const;
  double StandardErrorOf(std::size_t statistic) const;
  // Two-sided probability of a value at least as far from 0, by inverting the percentile interval: 2 (1 + k)/(1 + B),
  // k the smaller number of draws ≤ 0 or ≥ 0, at most 1. NaN where the interval is.
  double PValueOf(std::size_t statistic) const;
};

// Units are drawn within their stratum, so that every resample has as many of each as there are. `fill` gets how often
// each unit was drawn and writes `statistics` results; it must be safe to call from several threads.
BootstrapDraws DrawStratified(std::span<const std::size_t> strata, std::size_t statistics,
                              const std::function<void(Weights, std::span<double>)>& fill,
                              const BootstrapOptions& options);

}  // namespace parotis::evaluate
