#include "intake/extent.h"

#include <algorithm>
#include <cmath>

namespace parotis::intake {
namespace {

constexpr double kCosineOf10Degrees = 0.9848;
constexpr std::size_t kHeadAxis = 2;

image::Vector3 NormalOf(const image::Geometry& geometry) {
  return {geometry.direction[0][2], geometry.direction[1][2], geometry.direction[2][2]};
}

// Half a voxel beyond the outermost centres is still inside.
bool HoldsVoxel(const image::Geometry& grid, const image::Vector3& index_voxel) {
  for (std::size_t a = 0; a < 3; ++a) {
    if (index_voxel[a] < -0.5 || index_voxel[a] > static_cast<double>(grid.size[a]) - 0.5) return false;
  }
  return true;
}

}  // namespace

double OverlapOf(const image::BoundingBox& a, const image::BoundingBox& b) {
  double overlap = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double common_mm = std::min(a.high_mm[axis], b.high_mm[axis]) - std::max(a.low_mm[axis], b.low_mm[axis]);
    if (common_mm <= 0) return 0;
    overlap *= axis == kHeadAxis ? 2 * common_mm / (a.length_mm(axis) + b.length_mm(axis))
                                 : common_mm / std::min(a.length_mm(axis), b.length_mm(axis));
  }
  return overlap;
}

double CoverageOf(const image::Geometry& target, const image::Geometry& source) {
  std::int64_t inside = 0;
  std::int64_t all = 0;
  for (std::int64_t k = 0; k < target.size[2]; ++k) {
    for (std::int64_t j = 0; j < target.size[1]; j += 4) {
      for (std::int64_t i = 0; i < target.size[0]; i += 4) {
        const auto world =
            image::WorldFromVoxel(target, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        inside += HoldsVoxel(source, image::VoxelFromWorld(source, world)) ? 1 : 0;
        ++all;
      }
    }
  }
  return static_cast<double>(inside) / static_cast<double>(all);
}

bool SameStack(const image::Geometry& a, const image::Geometry& b) {
  if (a.size[2] != b.size[2] || !SamePlane(a, b)) return false;
  const image::BoundingBox first = image::BoundingBoxOf(a);
  const image::BoundingBox second = image::BoundingBoxOf(b);
  const double tolerance_mm = std::max(a.spacing_mm[0], b.spacing_mm[0]);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (std::abs(first.low_mm[axis] - second.low_mm[axis]) > tolerance_mm ||
        std::abs(first.high_mm[axis] - second.high_mm[axis]) > tolerance_mm)
      return false;
  }
  return true;
}

bool SamePlane(const image::Geometry& a, const image::Geometry& b) {
  return std::abs(image::Dot(NormalOf(a), NormalOf(b))) >= kCosineOf10Degrees;
}

}  // namespace parotis::intake
