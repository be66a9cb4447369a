#include "align/mutual_information.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "image/threshold.h"
#include "image/warp.h"

namespace parotis::align {
namespace {

constexpr int kPadding = 2;  // bins at either end that only the window's tails reach
constexpr int kMovingBins = kBins + 2 * kPadding;

struct Window {
  int first = 0;
  std::array<double, 4> weights{}, slopes{};
  double bins_per_value = 0;  // 0: clipped, the window does not move
};

Window WindowOf(float value, const ValueRange& range) {
  const float clipped = std::clamp(value, range.low, range.high);
  const double bins_per_value = (kBins - 1) / static_cast<double>(range.high - range.low);
  const image::SplineWeights spline =
      image::SplineWeightsAt(kPadding + static_cast<double>(clipped - range.low) * bins_per_value);
  return {static_cast<int>(spline.first), spline.weights, spline.slopes, clipped == value ? bins_per_value : 0};
}

}  // namespace

ValueRange RangeOf(std::span<const float> values) {
  const std::array<double, 2> quantiles = {0.005, 0.995};
  const std::vector<float> ends = image::Quantiles({values.begin(), values.end()}, quantiles);
  return {ends[0], std::max(ends[1], ends[0] + 1e-6f * std::max(1.0f, std::abs(ends[0])))};
}

MutualInformation::MutualInformation(std::span<const float> fixed, ValueRange fixed_range, ValueRange moving_range)
    : moving_range_(moving_range), joint_(static_cast<std::size_t>(kBins) * kMovingBins), log_ratio_(joint_.size()) {
  fixed_bin_.reserve(fixed.size());
  for (const float value : fixed) {
    const float share = (value - fixed_range.low) / (fixed_range.high - fixed_range.low);
    fixed_bin_.push_back(static_cast<std::uint8_t>(std::clamp(static_cast<int>(share * kBins), 0, kBins - 1)));
  }
}

double MutualInformation::Evaluate(std::span<const float> moving, std::span<const std::uint8_t> inside,
                                   std::span<float> derivative) {
  std::fill(joint_.begin(), joint_.end(), 0.0);
  std::int64_t count = 0;
  for (std::size_t n = 0; n < moving.size(); ++n) {
    if (inside[n] == 0) continue;
    ++count;
    const Window window = WindowOf(moving[n], moving_range_);
    double* row = joint_.data() + static_cast<std::size_t>(fixed_bin_[n]) * kMovingBins + window.first;
    for (int b = 0; b < 4; ++b) row[b] += window.weights[b];
  }
  std::fill(derivative.begin(), derivative.end(), 0.0f);
  if (count == 0) return 0;
  std::array<double, kBins> fixed_share{};
  std::array<double, kMovingBins> moving_share{};
  for (int f = 0; f < kBins; ++f) {
    for (int m = 0; m < kMovingBins; ++m) {
      double& share = joint_[static_cast<std::size_t>(f) * kMovingBins + m];
      share /= static_cast<double>(count);
      fixed_share[f] += share;
      moving_share[m] += share;
    }
  }
  double information = 0;
  for (int f = 0; f < kBins; ++f) {
    for (int m = 0; m < kMovingBins; ++m) {
      const std::size_t at = static_cast<std::size_t>(f) * kMovingBins + m;
      const double share = joint_[at];
      log_ratio_[at] = share > 0 ? std::log(share / moving_share[m]) : 0;
      if (share > 0) information += share * (log_ratio_[at] - std::log(fixed_share[f]));
    }
  }
  for (std::size_t n = 0; n < moving.size(); ++n) {
    if (inside[n] == 0) continue;
    const Window window = WindowOf(moving[n], moving_range_);
    const double* row = log_ratio_.data() + static_cast<std::size_t>(fixed_bin_[n]) * kMovingBins + window.first;
    double sum = 0;
    for (int b = 0; b < 4; ++b) sum += window.slopes[b] * row[b];
    derivative[n] = static_cast<float>(sum * window.bins_per_value / static_cast<double>(count));
  }
  return information;
}

}  // namespace parotis::align
