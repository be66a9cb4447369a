// Trilinear samples of a volume on the pixels of a plane that lies anyhow in it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "image/warp.h"

namespace parotis::physics {

// The eight voxels around a continuous index and their weights, in the precision of `Real`.
template <class Real>
struct Corners {
  std::array<std::size_t, 8> at;
  std::array<Real, 8> weight;

  Real Sum(const std::vector<float>& voxels) const {
    Real sum = 0;
    for (int c = 0; c < 8; ++c) sum += weight[c] * voxels[at[c]];
    return sum;
  }
};

// Where the pixels of one plane of `target` come from in `source` by `source_from_target` (world to world). The plane
// is `slice` of `target`, which may lie between two. The index moves along a straight line from pixel to pixel.
class SourcePlane {
 public:
  SourcePlane(const image::Geometry& source, const image::Geometry& target, const image::AffineMap& source_from_target,
              double slice)
      : size_(source.size) {
    const auto at = [&](double i, double j) {
      return VoxelFromWorld(source, Mapped(source_from_target, WorldFromVoxel(target, {i, j, slice})));
    };
    origin_ = at(0, 0);
    const image::Vector3 right = at(1, 0), down = at(0, 1);
    for (int a = 0; a < 3; ++a) along_row_[a] = right[a] - origin_[a], along_column_[a] = down[a] - origin_[a];
  }

  // Indices beyond the source are moved to its border.
  template <class Real>
  Corners<Real> Around(std::int64_t i, std::int64_t j) const {
    std::array<std::int64_t, 3> low{}, high{};
    std::array<Real, 3> way{};
    for (int a = 0; a < 3; ++a) {
      const auto index = static_cast<Real>(origin_[a] + static_cast<double>(i) * along_row_[a] +
                                           static_cast<double>(j) * along_column_[a]);
      const Real inside = std::clamp(index, Real{0}, static_cast<Real>(size_[a] - 1));
      low[a] = static_cast<std::int64_t>(inside);
      high[a] = std::min(low[a] + 1, size_[a] - 1);
      way[a] = inside - static_cast<Real>(low[a]);
    }
    Corners<Real> corners;
    for (int c = 0; c < 8; ++c) {
      const std::int64_t x = (c & 1) != 0 ? high[0] : low[0], y = (c & 2) != 0 ? high[1] : low[1],
                         z = (c & 4) != 0 ? high[2] : low[2];
      corners.at[c] = static_cast<std::size_t>((z * size_[1] + y) * size_[0] + x);
      corners.weight[c] = ((c & 1) != 0 ? way[0] : 1 - way[0]) * ((c & 2) != 0 ? way[1] : 1 - way[1]) *
                          ((c & 4) != 0 ? way[2] : 1 - way[2]);
    }
    return corners;
  }

 private:
  std::array<std::int64_t, 3> size_;
  image::Vector3 origin_{}, along_row_{}, along_column_{};
};

}  // namespace parotis::physics
