#include "physics/slab.h"

#include <algorithm>
#include <cmath>

namespace parotis::physics {
namespace {

using image::Vector3;

// Of the neighbours' nearest sub-slices, the slice's own two share the rest.
constexpr float kShoulder = 0.06f;

// The eight voxels around a continuous index and their weights; indices beyond the grid are moved to its border.
struct Corners {
  std::array<std::size_t, 8> at;
  std::array<float, 8> weight;
};

Corners Around(const std::array<std::int64_t, 3>& size, const float (&index)[3]) {
  std::array<std::int64_t, 3> low{}, high{};
  std::array<float, 3> way{};
  for (int a = 0; a < 3; ++a) {
    const float inside = std::clamp(index[a], 0.0f, static_cast<float>(size[a] - 1));
    low[a] = static_cast<std::int64_t>(inside);
    high[a] = std::min(low[a] + 1, size[a] - 1);
    way[a] = inside - static_cast<float>(low[a]);
  }
  Corners corners;
  for (int c = 0; c < 8; ++c) {
    const std::int64_t i = (c & 1) != 0 ? high[0] : low[0], j = (c & 2) != 0 ? high[1] : low[1],
                       k = (c & 4) != 0 ? high[2] : low[2];
    corners.at[c] = static_cast<std::size_t>((k * size[1] + j) * size[0] + i);
    corners.weight[c] = ((c & 1) != 0 ? way[0] : 1 - way[0]) * ((c & 2) != 0 ? way[1] : 1 - way[1]) *
                        ((c & 4) != 0 ? way[2] : 1 - way[2]);
  }
  return corners;
}

float Sum(const std::vector<float>& values, const Corners& corners) {
  float sum = 0;
  for (int c = 0; c < 8; ++c) sum += corners.weight[c] * values[corners.at[c]];
  return sum;
}

}  // namespace

image::Geometry FineGrid(const image::Geometry& slices) {
  image::Geometry fine = slices;
  fine.size[2] *= kSubSlices;
  fine.spacing_mm[2] /= kSubSlices;
  const double back_mm = 0.5 * (slices.spacing_mm[2] - fine.spacing_mm[2]);
  for (int r = 0; r < 3; ++r) fine.origin_world[r] -= back_mm * slices.direction[r][2];
  return fine;
}

Slab::Slab(const phantom::TissueMap& map, const SignalTables& tables, bool split_by_decay) : grid_(map.grid) {
  const std::size_t count = map.upper.size();
  water_.resize(count);
  fat_.resize(count);
  if (split_by_decay) slow_.resize(count);
  for (std::size_t v = 0; v < count; ++v) {
    const float share = static_cast<float>(map.fraction[v]) * (1.0f / 255);
    const std::uint8_t a = map.texture_a[v], b = map.texture_b[v];
    const auto add = [&](std::uint8_t tissue, float part) {
      const float water = part * tables.water[tissue][a] * tables.decay[tissue][b];
      water_[v] += water;
      fat_[v] += part * tables.fat[tissue][a] * tables.fat_decay;
      if (split_by_decay) slow_[v] += water * tables.slow[tissue];
    };
    add(map.upper[v], share);
    if (map.fraction[v] != 255) add(map.lower[v], 1 - share);
  }
}

SlicePlanes Slab::Slice(std::int64_t slice, const image::AffineMap& motion) const {
  SlicePlanes planes;
  planes.columns = grid_.size[0], planes.rows = grid_.size[1];
  planes.pixel_mm[0] = grid_.spacing_mm[0], planes.pixel_mm[1] = grid_.spacing_mm[1];
  const auto count = static_cast<std::size_t>(planes.columns * planes.rows);
  planes.water.assign(count, 0);
  planes.fat.assign(count, 0);
  if (!slow_.empty()) planes.slow_water.assign(count, 0);
  const bool moved = !(motion == image::AffineMap{});
  const image::AffineMap back = moved ? image::Inverse(motion) : motion;
  const std::int64_t first = slice * kSubSlices;
  const float inner = 0.5f * (1 - 2 * kShoulder);
  Accumulate(first - 1, kShoulder, back, moved, planes);
  Accumulate(first, inner, back, moved, planes);
  Accumulate(first + 1, inner, back, moved, planes);
  Accumulate(first + 2, kShoulder, back, moved, planes);
  return planes;
}

void Slab::Accumulate(std::int64_t fine_slice, float weight, const image::AffineMap& source_from_target, bool moved,
                      SlicePlanes& planes) const {
  const std::size_t plane = planes.water.size();
  if (!moved) {
    const std::int64_t inside = std::clamp<std::int64_t>(fine_slice, 0, grid_.size[2] - 1);
    const std::size_t start = plane * static_cast<std::size_t>(inside);
    for (std::size_t p = 0; p < plane; ++p) {
      planes.water[p] += weight * water_[start + p];
      planes.fat[p] += weight * fat_[start + p];
    }
    for (std::size_t p = 0; p < planes.slow_water.size(); ++p) planes.slow_water[p] += weight * slow_[start + p];
    return;
  }
  // The index moves along a straight line from pixel to pixel.
  const auto source = [&](double i, double j) {
    return VoxelFromWorld(grid_,
                          Mapped(source_from_target, WorldFromVoxel(grid_, {i, j, static_cast<double>(fine_slice)})));
  };
  const Vector3 origin = source(0, 0), along = source(1, 0), down = source(0, 1);
  std::size_t p = 0;
  for (std::int64_t j = 0; j < planes.rows; ++j) {
    for (std::int64_t i = 0; i < planes.columns; ++i, ++p) {
      float index[3];
      for (int a = 0; a < 3; ++a) {
        index[a] = static_cast<float>(origin[a] + static_cast<double>(i) * (along[a] - origin[a]) +
                                      static_cast<double>(j) * (down[a] - origin[a]));
      }
      const Corners corners = Around(grid_.size, index);
      planes.water[p] += weight * Sum(water_, corners);
      planes.fat[p] += weight * Sum(fat_, corners);
      if (!planes.slow_water.empty()) planes.slow_water[p] += weight * Sum(slow_, corners);
    }
  }
}

}  // namespace parotis::physics
