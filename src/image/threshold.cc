#include "image/threshold.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace parotis::image {
namespace {

constexpr std::size_t kBins = 256;

std::array<std::int64_t, kBins> Histogram(std::span<const float> values, double low, double width) {
  std::array<std::int64_t, kBins> counts{};
  for (const float value : values) {
    const auto bin = static_cast<std::size_t>((static_cast<double>(value) - low) / width);
    ++counts[std::min(bin, kBins - 1)];
  }
  return counts;
}

}  // namespace

std::vector<float> Quantiles(std::vector<float> values, std::span<const double> quantiles) {
  std::vector<float> results;
  for (const double quantile : quantiles) {
    if (values.empty()) {
      results.push_back(0);
      continue;
    }
    const double position = quantile * static_cast<double>(values.size() - 1);
    const auto lower = values.begin() + static_cast<std::ptrdiff_t>(position);
    std::nth_element(values.begin(), lower, values.end());
    const double low = *lower;
    const double fraction = position - std::floor(position);
    const double high = fraction > 0 ? *std::min_element(lower + 1, values.end()) : low;
    results.push_back(static_cast<float>(low + fraction * (high - low)));
  }
  return results;
}

float OtsuThreshold(std::span<const float> values) {
  if (values.empty()) return 0;
  const auto [smallest, largest] = std::minmax_element(values.begin(), values.end());
  const double low = *smallest;
  const double width = (static_cast<double>(*largest) - low) / kBins;
  if (!(width > 0)) return *largest;
  const auto counts = Histogram(values, low, width);
  double total_sum = 0;
  for (std::size_t bin = 0; bin < kBins; ++bin)
    total_sum += static_cast<double>(counts[bin]) * static_cast<double>(bin);
  const auto total = static_cast<double>(values.size());
  double dark = 0;
  double dark_sum = 0;
  double best_variance = -1;
  std::size_t best = 0;
  for (std::size_t bin = 0; bin + 1 < kBins; ++bin) {
    dark += static_cast<double>(counts[bin]);
    dark_sum += static_cast<double>(counts[bin]) * static_cast<double>(bin);
    if (dark == 0 || dark == total) continue;
    const double difference = dark_sum / dark - (total_sum - dark_sum) / (total - dark);
    const double variance = dark * (total - dark) * difference * difference;  // between the classes, times total²
    if (variance > best_variance) best_variance = variance, best = bin;
  }
  return static_cast<float>(low + width * static_cast<double>(best + 1));
}

}  // namespace parotis::image
