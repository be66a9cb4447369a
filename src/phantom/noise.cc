#include "phantom/noise.h"

namespace parotis::phantom {
namespace {

constexpr int kCells = SmoothNoise::kCells;

// One pass of the binomial filter (1 2 1)/4 along an axis whose neighbours are `stride` apart, periodic.
void Smooth(std::vector<float>& values, int stride) {
  std::vector<float> line(kCells);
  const auto count = static_cast<int>(values.size());
  for (int start = 0; start < count; ++start) {
    if ((start / stride) % kCells != 0) continue;
    for (int c = 0; c < kCells; ++c) line[c] = values[start + c * stride];
    for (int c = 0; c < kCells; ++c) {
      values[start + c * stride] = 0.25f * (line[(c + kCells - 1) % kCells] + 2 * line[c] + line[(c + 1) % kCells]);
    }
  }
}

}  // namespace

SmoothNoise::SmoothNoise(base::Random& random) : values_(static_cast<std::size_t>(kCells) * kCells * kCells) {
  for (float& value : values_) value = static_cast<float>(random.Normal());
  for (int pass = 0; pass < 2; ++pass) {
    for (const int stride : {1, kCells, kCells * kCells}) Smooth(values_, stride);
  }
  double sum = 0, squares = 0;
  for (const float value : values_) sum += value, squares += static_cast<double>(value) * value;
  const double mean = sum / static_cast<double>(values_.size());
  const double sd = std::sqrt(squares / static_cast<double>(values_.size()) - mean * mean);
  for (float& value : values_) value = static_cast<float>((value - mean) / sd);
}

}  // namespace parotis::phantom
