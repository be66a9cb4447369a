#include "maps/noise_floor.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "image/threshold.h"

namespace parotis::maps {
namespace {

constexpr double kDarkestTissue = 0.2;  // of the 95th percentile
constexpr double kAirKeeps = 0.7;       // of its signal, from the lowest to the highest b-value

// Mean of one corner of the volume, a sixteenth of it along each axis, where the scanner left values; absent where it
// blanked most of it (zeros).
std::optional<double> CornerMean(const image::Volume& volume, int corner) {
  const auto& size = volume.geometry.size;
  std::array<std::int64_t, 3> first{}, last{};
  for (std::size_t a = 0; a < 3; ++a) {
    const std::int64_t width = std::max<std::int64_t>(1, size[a] / 16);
    const bool far = (corner >> a & 1) != 0;
    first[a] = far ? size[a] - width : 0;
    last[a] = far ? size[a] : width;
  }
  double sum = 0;
  std::int64_t positive = 0;
  std::int64_t all = 0;
  for (std::int64_t k = first[2]; k < last[2]; ++k) {
    for (std::int64_t j = first[1]; j < last[1]; ++j) {
      for (std::int64_t i = first[0]; i < last[0]; ++i, ++all) {
        const float value = volume.At(i, j, k);
        if (value > 0) sum += value, ++positive;
      }
    }
  }
  if (2 * positive < all) return std::nullopt;
  return sum / static_cast<double>(positive);
}

}  // namespace

double NoiseFloor(const image::Volume& lowest_b, const image::Volume& highest_b) {
  const std::array<double, 1> bright = {0.95};
  const double darkest_tissue = kDarkestTissue * image::Quantiles(lowest_b.voxels, bright).front();
  std::vector<double> means;
  for (int corner = 0; corner < 8; ++corner) {
    const auto low = CornerMean(lowest_b, corner);
    const auto high = CornerMean(highest_b, corner);
    if (low && high && *low <= darkest_tissue && *high >= kAirKeeps * *low) means.push_back(*high);
  }
  if (means.empty()) return 0;
  const auto middle = means.begin() + static_cast<std::ptrdiff_t>((means.size() - 1) / 2);
  std::nth_element(means.begin(), middle, means.end());
  return *middle;
}

}  // namespace parotis::maps
