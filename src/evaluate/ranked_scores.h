// Units put in the order of a score once, so that a curve, an area or one resample of a bootstrap costs a single pass.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace parotis::evaluate {

// How often each unit counts: all 1, or the numbers of draws of a resample.
using Weights = std::span<const int>;

struct RankedScores {
  std::vector<std::size_t> order;     // units, highest score first
  std::vector<std::size_t> tie_ends;  // [g]: one past the last place of the g-th group of equal scores
};
RankedScores Rank(std::span<const double> scores);

// Ranks 1 … n from the lowest value; equal values share the mean of their ranks.
std::vector<double> MidRanks(std::span<const double> values);

// Probability that a unit of `group` 1 scores higher than one of `group` 0, ties counting one half; other groups are
// not looked at. Undefined (NaN) when either has no weight.
double AreaUnderCurve(const RankedScores& ranked, std::span<const int> group, Weights weights);

// Σ (R_k − R_{k−1}) · P_k over the distinct scores (scikit-learn's average_precision_score), group 1 being wanted.
// Undefined without weight in group 1.
double AveragePrecision(const RankedScores& ranked, std::span<const int> group, Weights weights);

}  // namespace parotis::evaluate
