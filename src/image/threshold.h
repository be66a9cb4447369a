// Order statistics of voxel values, and the threshold that parts bright from dark.
#pragma once

#include <span>
#include <vector>

namespace parotis::image {

// The values below which the fractions `quantiles` (0…1) of `values` lie, linearly between neighbours in order
// (definition 7 of Hyndman and Fan 1996). Zeros when `values` is empty; values must be finite.
std::vector<float> Quantiles(std::vector<float> values, std::span<const double> quantiles);

// Otsu's threshold (1979) on 256 bins between the smallest and the largest value: bright is what is greater than it.
// Nothing is when all values are equal. Clip outliers first: they widen the bins. Values must be finite.
float OtsuThreshold(std::span<const float> values);

}  // namespace parotis::image
