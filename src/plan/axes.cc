#include "plan/axes.h"

#include <algorithm>
#include <cmath>

namespace parotis::plan {

std::array<int, 3> CanonicalAxes(const image::Geometry& geometry) {
  std::array<int, 3> candidate = {0, 1, 2};
  std::array<int, 3> best = candidate;
  double best_alignment = -1;
  do {
    double alignment = 0;
    for (std::size_t world = 0; world < 3; ++world) {
      alignment += std::abs(geometry.direction[world][static_cast<std::size_t>(candidate[world])]);
    }
    if (alignment > best_alignment + 1e-9) best_alignment = alignment, best = candidate;
  } while (std::next_permutation(candidate.begin(), candidate.end()));
  return best;
}

std::array<int, 3> NetworkAxes(int slice_axis) {
  if (slice_axis == 0) return {1, 2, 0};
  if (slice_axis == 1) return {0, 2, 1};
  return {0, 1, 2};
}

}  // namespace parotis::plan
