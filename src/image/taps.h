// One-dimensional resampling as a table: which input samples, with which weights, make each output sample.
// Interpolation, anti-alias smoothing, cropping and flipping along an axis are all such tables. Private to
// image/resample.cc.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "image/resample.h"

namespace parotis::image {

struct Taps {
  std::int64_t width = 1;           // input samples per output sample
  std::vector<std::int64_t> first;  // [outputs] first input sample; −1 where the output lies outside
  std::vector<float> weights;       // [outputs, width]

  std::int64_t outputs() const { return static_cast<std::int64_t>(first.size()); }
};

// Weights of the (at most four) samples around a continuous coordinate.
struct PointTaps {
  std::int64_t first = 0;
  int width = 1;
  std::array<float, 4> weights = {1, 0, 0, 0};
};

// False when `x` lies more than half a sample outside 0 … count−1.
bool IsInside(double x, std::int64_t count);
// `x` inside; beyond the outermost sample the edge value is continued. Linear ramps are exact: cubic's missing
// neighbour at an edge is extrapolated.
PointTaps TapsAt(double x, std::int64_t count, Interpolation interpolation);

// Output t is taken at coordinate offset + t·step.
Taps InterpolationTaps(double offset, double step, std::int64_t outputs, std::int64_t inputs,
                       Interpolation interpolation);
// Gaussian smoothing, every output at its own input; renormalised at the ends.
Taps GaussianTaps(double sigma_samples, std::int64_t count);

// Applies `taps` along `axis` of `values` with extents `size` (i fastest), which changes to the new extents. Outputs
// that lie outside become 0.
void ApplyTaps(std::vector<float>& values, std::array<std::int64_t, 3>& size, int axis, const Taps& taps, int threads);

}  // namespace parotis::image
