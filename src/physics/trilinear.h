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
  std::size_t first;                   // the one of the lowest indices
  std::array<std::size_t, 8> further;  // from there to each of them
  std::array<Real, 8> weight;

  // Of numbers, or of anything that can be added and multiplied by one.
  template <class Value>
  auto Sum(const std::vector<Value>& voxels) const {
    const Value* const from = voxels.data() + first;
    auto sum = weight[0] * from[0];
    for (int c = 1; c < 8; ++c) sum += weight[c] * from[further[c]];
    return sum;
  }
};

// Where the pixels of one plane of `target` come from in `source` by `source_from_target` (world to world). The plane
// is `slice` of `target`, which may lie between two. The index moves along a straight line from pixel to pixel.
class SourcePlane {
 public:
  SourcePlane(const image::Geometry& source, const image::Geometry& target, const image::AffineMap& source_from_target,
              double slice)
      : last_{source.size[0] - 1, source.size[1] - 1, source.size[2] - 1},
        stride_{1, source.size[0], source.size[0] * source.size[1]} {
    for (int c = 0; c < 8; ++c) {
      for (int a = 0; a < 3; ++a) {
        if (((c >> a) & 1) != 0 && last_[a] > 0) further_[c] += static_cast<std::size_t>(stride_[a]);
      }
    }
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
    Corners<Real> corners{0, further_, {}};
    std::array<std::array<Real, 2>, 3> share;  // of each axis, the lower and the higher neighbour's
    for (int a = 0; a < 3; ++a) {
      const auto index = static_cast<Real>(origin_[a] + static_cast<double>(i) * along_row_[a] +
                                           static_cast<double>(j) * along_column_[a]);
      const Real inside = std::clamp(index, Real{0}, static_cast<Real>(last_[a]));
      // On the far border the higher neighbour has all.
      const std::int64_t low = std::min(static_cast<std::int64_t>(inside), std::max<std::int64_t>(0, last_[a] - 1));
      share[a][1] = inside - static_cast<Real>(low);
      share[a][0] = 1 - share[a][1];
      corners.first += static_cast<std::size_t>(low * stride_[a]);
    }
    for (int c = 0; c < 8; ++c) corners.weight[c] = share[0][c & 1] * share[1][(c >> 1) & 1] * share[2][c >> 2];
    return corners;
  }

 private:
  std::array<std::int64_t, 3> last_, stride_;
  std::array<std::size_t, 8> further_{};
  image::Vector3 origin_{}, along_row_{}, along_column_{};
};

}  // namespace parotis::physics
