#include "plan/axes.h"

namespace parotis::plan {

std::array<int, 3> CanonicalAxes(const image::Geometry& geometry) { return image::CanonicalAxesOf(geometry).axis; }

std::array<int, 3> NetworkAxes(int slice_axis) {
  if (slice_axis == 0) return {1, 2, 0};
  if (slice_axis == 1) return {0, 2, 1};
  return {0, 1, 2};
}

}  // namespace parotis::plan
