#include "train/intensity.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace parotis::train {
namespace {

using base::Random;

float MeanOf(std::span<const float> plane) {
  return static_cast<float>(std::accumulate(plane.begin(), plane.end(), 0.0) / static_cast<double>(plane.size()));
}

std::vector<float> GaussianWeights(double sigma_pixels) {
  std::vector<float> weights(static_cast<std::size_t>(std::ceil(3 * sigma_pixels)) + 1);
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double x = static_cast<double>(i) / sigma_pixels;
    weights[i] = static_cast<float>(std::exp(-x * x / 2));
    sum += weights[i] * (i == 0 ? 1 : 2);
  }
  for (float& weight : weights) weight = static_cast<float>(weight / sum);
  return weights;
}

// Convolves `lines` lines of `length` values, edges continued; neighbouring values lie `step` apart, lines `line_step`.
void BlurLines(std::span<float> plane, std::int64_t lines, std::int64_t line_step, std::int64_t length,
               std::int64_t step, double sigma_pixels) {
  if (sigma_pixels < 0.05) return;
  const std::vector<float> weights = GaussianWeights(sigma_pixels);
  std::vector<float> line(static_cast<std::size_t>(length));
  for (std::int64_t l = 0; l < lines; ++l) {
    float* values = plane.data() + l * line_step;
    for (std::int64_t i = 0; i < length; ++i) line[static_cast<std::size_t>(i)] = values[i * step];
    for (std::int64_t i = 0; i < length; ++i) {
      float sum = weights[0] * line[static_cast<std::size_t>(i)];
      for (std::int64_t d = 1; d < static_cast<std::int64_t>(weights.size()); ++d) {
        const float both = line[static_cast<std::size_t>(std::max<std::int64_t>(0, i - d))] +
                           line[static_cast<std::size_t>(std::min(length - 1, i + d))];
        sum += weights[static_cast<std::size_t>(d)] * both;
      }
      values[i * step] = sum;
    }
  }
}

void Blur(std::span<float> plane, const SampleRules& rules, double sigma_mm) {
  BlurLines(plane, rules.rows, rules.columns, rules.columns, 1, sigma_mm / rules.column_spacing_mm);
  BlurLines(plane, rules.columns, 1, rules.rows, rules.columns, sigma_mm / rules.row_spacing_mm);
}

void AddConstant(std::span<float> plane, float value) {
  for (float& x : plane) x += value;
}

void ScaleAround(std::span<float> plane, float centre, float factor) {
  for (float& x : plane) x = centre + (x - centre) * factor;
}

// x → x^exponent on the plane's own range, which stays as it is.
void ChangeGamma(std::span<float> plane, float exponent) {
  const auto [low, high] = std::minmax_element(plane.begin(), plane.end());
  const float start = *low, range = *high - *low;
  if (range < 1e-6F) return;
  for (float& x : plane) x = start + range * std::pow((x - start) / range, exponent);
}

// The sum of eight uniform bytes (Irwin–Hall) is normal to within 1.5 % of its density and needs one random word a
// pixel.
void AddNoise(std::span<float> plane, float sd, Random& random) {
  constexpr float kMean = 8 * 127.5F;
  const float unit = sd / std::sqrt(8 * (256.0F * 256 - 1) / 12);
  for (float& x : plane) {
    std::uint64_t bits = random.Bits();
    // Bytes are added in pairs, then fours, then all eight.
    bits = (bits & 0x00ff00ff00ff00ffU) + (bits >> 8 & 0x00ff00ff00ff00ffU);
    bits = (bits & 0x0000ffff0000ffffU) + (bits >> 16 & 0x0000ffff0000ffffU);
    bits = (bits & 0xffffffffU) + (bits >> 32);
    x += (static_cast<float>(bits) - kMean) * unit;
  }
}

}  // namespace

void ChangeIntensities(const SampleRules& rules, Random& random, std::span<float> image) {
  const plan::AugmentationPlan& a = rules.augmentation;
  const auto pixels = static_cast<std::size_t>(rules.rows * rules.columns);
  const std::size_t channels = rules.is_physical.size();
  for (std::size_t channel = 0; channel < channels; ++channel) {
    const double sigma_mm = random.Chance(a.probability) ? random.Uniform(0, a.blur_mm) : 0;
    const bool rated = !rules.is_physical[channel];
    const double added = random.Chance(a.probability) ? random.Normal(0, a.brightness) : 0;
    const double factor = random.Chance(a.probability) ? std::exp(random.Normal(0, a.contrast)) : 1;
    const double exponent = random.Chance(a.probability) ? std::exp(random.Normal(0, a.gamma)) : 1;
    const double noise_sd = random.Chance(a.probability) ? a.noise : 0;
    for (std::size_t plane = channel; plane < image.size() / pixels; plane += channels) {
      const std::span<float> values = image.subspan(plane * pixels, pixels);
      if (sigma_mm > 0) Blur(values, rules, sigma_mm);
      if (rated && added != 0) AddConstant(values, static_cast<float>(added));
      if (rated && factor != 1) ScaleAround(values, MeanOf(values), static_cast<float>(factor));
      if (rated && exponent != 1) ChangeGamma(values, static_cast<float>(exponent));
      if (noise_sd > 0) AddNoise(values, static_cast<float>(noise_sd), random);
    }
  }
}

}  // namespace parotis::train
