#include "image/taps.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"

namespace parotis::image {
namespace {

constexpr double kEdgeTolerance = 1e-6;  // of a sample: the border itself counts as inside
constexpr double kOnSample = 1e-9;       // closer than this to a sample is on it
constexpr double kGaussianReach = 3;     // in sigmas

PointTaps LinearTaps(std::int64_t base, double t) {
  return {base, 2, {static_cast<float>(1 - t), static_cast<float>(t), 0, 0}};
}

// Catmull and Rom 1974, the member of Keys's family with a = −1/2.
PointTaps CubicTaps(std::int64_t base, double t, std::int64_t count) {
  std::array<double, 4> w = {((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1,
                             ((-1.5 * t + 2) * t + 0.5) * t, (0.5 * t - 0.5) * t * t};
  if (base + 2 >= count) {  // f(n) = 2 f(n−1) − f(n−2)
    w = {w[0], w[1] - w[3], w[2] + 2 * w[3], 0};
  }
  if (base == 0) {  // f(−1) = 2 f(0) − f(1)
    w = {w[1] + 2 * w[0], w[2] - w[0], w[3], 0};
  }
  const std::int64_t first = base == 0 ? 0 : base - 1;
  const auto width = static_cast<int>(std::min<std::int64_t>(4, count - first));
  PointTaps taps{first, width, {}};
  std::transform(w.begin(), w.end(), taps.weights.begin(), [](double value) { return static_cast<float>(value); });
  return taps;
}

// Sum of weighted neighbours along the fastest axis.
void ApplyAlongRows(const float* input, std::int64_t row_length, std::int64_t rows, const Taps& taps, float* output) {
  for (std::int64_t row = 0; row < rows; ++row, input += row_length) {
    for (std::int64_t t = 0; t < taps.outputs(); ++t, ++output) {
      *output = 0;
      if (taps.first[t] < 0) continue;
      const float* weights = &taps.weights[t * taps.width];
      for (std::int64_t w = 0; w < taps.width; ++w) *output += weights[w] * input[taps.first[t] + w];
    }
  }
}

// One output plane or line of `stride` contiguous values as the weighted sum of input ones.
void ApplyAcross(const float* input, std::int64_t stride, const Taps& taps, std::int64_t t, float* output) {
  std::fill(output, output + stride, 0.0F);
  if (taps.first[t] < 0) return;
  for (std::int64_t w = 0; w < taps.width; ++w) {
    const float weight = taps.weights[t * taps.width + w];
    if (weight == 0) continue;
    const float* source = input + (taps.first[t] + w) * stride;
    for (std::int64_t at = 0; at < stride; ++at) output[at] += weight * source[at];
  }
}

}  // namespace

bool IsInside(double x, std::int64_t count) {
  return x >= -0.5 - kEdgeTolerance && x <= static_cast<double>(count) - 0.5 + kEdgeTolerance;
}

PointTaps TapsAt(double x, std::int64_t count, Interpolation interpolation) {
  const double clamped = std::clamp(x, 0.0, static_cast<double>(count - 1));
  const double nearest = std::floor(clamped + 0.5 - kEdgeTolerance);
  if (interpolation == Interpolation::kNearest || std::abs(clamped - nearest) < kOnSample) {
    return {static_cast<std::int64_t>(std::max(0.0, nearest)), 1, {1, 0, 0, 0}};
  }
  const auto base = std::min(static_cast<std::int64_t>(clamped), count - 2);
  const double t = clamped - static_cast<double>(base);
  return interpolation == Interpolation::kLinear ? LinearTaps(base, t) : CubicTaps(base, t, count);
}

Taps InterpolationTaps(double offset, double step, std::int64_t outputs, std::int64_t inputs,
                       Interpolation interpolation) {
  Taps taps;
  std::vector<PointTaps> points(static_cast<std::size_t>(outputs));
  taps.first.assign(points.size(), -1);
  for (std::int64_t t = 0; t < outputs; ++t) {
    const double x = offset + static_cast<double>(t) * step;
    if (!IsInside(x, inputs)) continue;
    points[t] = TapsAt(x, inputs, interpolation);
    taps.first[t] = points[t].first;
    taps.width = std::max<std::int64_t>(taps.width, points[t].width);
  }
  taps.weights.assign(points.size() * static_cast<std::size_t>(taps.width), 0);
  for (std::int64_t t = 0; t < outputs; ++t) {
    if (taps.first[t] < 0) continue;
    // A narrower point near the end starts earlier, so that every row of the table stays within the input.
    const std::int64_t shift = std::max<std::int64_t>(0, taps.first[t] + taps.width - inputs);
    taps.first[t] -= shift;
    std::copy_n(points[t].weights.begin(), points[t].width, taps.weights.begin() + t * taps.width + shift);
  }
  return taps;
}

Taps GaussianTaps(double sigma_samples, std::int64_t count) {
  const auto reach = static_cast<std::int64_t>(std::ceil(kGaussianReach * sigma_samples));
  Taps taps;
  taps.width = std::min(2 * reach + 1, count);
  taps.weights.assign(static_cast<std::size_t>(count * taps.width), 0);
  for (std::int64_t t = 0; t < count; ++t) {
    const std::int64_t first = std::clamp<std::int64_t>(t - reach, 0, count - taps.width);
    taps.first.push_back(first);
    double sum = 0;
    const auto weight = [&](std::int64_t sample) {
      const double distance = static_cast<double>(sample - t) / sigma_samples;
      return std::abs(sample - t) <= reach ? std::exp(-distance * distance / 2) : 0.0;
    };
    for (std::int64_t w = 0; w < taps.width; ++w) sum += weight(first + w);
    for (std::int64_t w = 0; w < taps.width; ++w)
      taps.weights[t * taps.width + w] = static_cast<float>(weight(first + w) / sum);
  }
  return taps;
}

void ApplyTaps(std::vector<float>& values, std::array<std::int64_t, 3>& size, int axis, const Taps& taps, int threads) {
  const std::array<std::int64_t, 3> before = size;
  size[axis] = taps.outputs();
  std::vector<float> result(static_cast<std::size_t>(size[0] * size[1] * size[2]));
  const std::int64_t plane_before = before[0] * before[1];
  const std::int64_t plane = size[0] * size[1];
  base::ParallelFor(size[2], threads, [&](std::int64_t k) {
    float* output = result.data() + k * plane;
    if (axis == 0) ApplyAlongRows(values.data() + k * plane_before, before[0], size[1], taps, output);
    if (axis == 2) ApplyAcross(values.data(), plane, taps, k, output);
    for (std::int64_t t = 0; axis == 1 && t < size[1]; ++t) {
      ApplyAcross(values.data() + k * plane_before, size[0], taps, t, output + t * size[0]);
    }
  });
  values = std::move(result);
}

}  // namespace parotis::image
