#include "image/warp.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace parotis::image {

Vector3 Mapped(const AffineMap& map, const Vector3& point_world) {
  Vector3 mapped = map.shift_mm;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) mapped[r] += map.matrix[r][c] * point_world[c];
  }
  return mapped;
}

AffineMap Inverse(const AffineMap& map) {
  const Matrix3& m = map.matrix;
  const double determinant = Determinant(m);
  if (!(std::abs(determinant) > 1e-12)) base::Throw(base::ErrorKind::kInput, "an affine map cannot be inverted");
  AffineMap inverse;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) {
      const int a = (c + 1) % 3, b = (c + 2) % 3, d = (r + 1) % 3, e = (r + 2) % 3;
      inverse.matrix[r][c] = (m[a][d] * m[b][e] - m[a][e] * m[b][d]) / determinant;
    }
  }
  inverse.shift_mm = {0, 0, 0};
  const Vector3 shift = Mapped(inverse, map.shift_mm);
  for (int r = 0; r < 3; ++r) inverse.shift_mm[r] = -shift[r];
  return inverse;
}

SplineWeights SplineWeightsAt(double x) {
  SplineWeights spline;
  const double base = std::floor(x);
  const double t = x - base;
  spline.first = static_cast<std::int64_t>(base) - 1;
  spline.weights = {(1 - t) * (1 - t) * (1 - t) / 6, (3 * t * t * t - 6 * t * t + 4) / 6,
                    (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6, t * t * t / 6};
  spline.slopes = {-(1 - t) * (1 - t) / 2, (3 * t * t - 4 * t) / 2, (-3 * t * t + 2 * t + 1) / 2, t * t / 2};
  return spline;
}

Vector3 LineDisplacement::direction_world() const {
  return {grid.direction[0][axis], grid.direction[1][axis], grid.direction[2][axis]};
}

LineDisplacement::Value LineDisplacement::At(const Vector3& point_world) const {
  const Vector3 at = VoxelFromWorld(grid, point_world);
  std::array<SplineWeights, 3> splines;
  for (int a = 0; a < 3; ++a) {
    // Beyond the grid nothing changes any more; the clamp keeps far points from overflowing.
    splines[a] = SplineWeightsAt(std::clamp(at[a], -4.0, static_cast<double>(grid.size[a]) + 3.0));
  }
  const auto clamped = [&](int a, int n) {
    return std::clamp<std::int64_t>(splines[a].first + n, 0, grid.size[a] - 1);
  };
  Value value;
  for (int c = 0; c < 4; ++c) {
    for (int b = 0; b < 4; ++b) {
      const std::int64_t row = (clamped(2, c) * grid.size[1] + clamped(1, b)) * grid.size[0];
      for (int a = 0; a < 4; ++a) {
        const double coefficient = coefficients_mm[static_cast<std::size_t>(row + clamped(0, a))];
        const std::array<int, 3> n = {a, b, c};
        double weight = 1, slope = 1;
        for (int d = 0; d < 3; ++d) {
          weight *= splines[d].weights[n[d]];
          slope *= d == axis ? splines[d].slopes[n[d]] : splines[d].weights[n[d]];
        }
        value.shift_mm += coefficient * weight;
        value.stretch += coefficient * slope / grid.spacing_mm[axis];
      }
    }
  }
  return value;
}

}  // namespace parotis::image
