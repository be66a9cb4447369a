#include "phantom/painter.h"

#include <cmath>

#include "phantom/texture.h"

namespace parotis::phantom {
namespace {

using image::Vector3;

constexpr float kBendCellMm = 22;  // the deformation changes over about two of these
constexpr float kTextureACellMm = 1.7f;
constexpr float kTextureBCellMm = 2.3f;

}  // namespace

Vector3 WorldFromHead(const HeadPose& pose, const Vector3& point_head) {
  Vector3 world = pose.origin_world;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) world[r] += pose.scale * pose.rotation[r][c] * point_head[c];
  }
  return world;
}

Vector3 HeadFromWorld(const HeadPose& pose, const Vector3& point_world) {
  Vector3 head = {0, 0, 0};
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) head[c] += pose.rotation[r][c] * (point_world[r] - pose.origin_world[r]) / pose.scale;
  }
  return head;
}

Painter::Painter(const image::Geometry& grid, const HeadPose& pose, const SmoothNoise& noise, double deformation_mm)
    : pose_(pose), noise_(&noise), reach_mm_(static_cast<float>(4.5 * deformation_mm)) {
  const auto count = static_cast<std::size_t>(grid.voxel_count());
  map_.grid = grid;
  map_.upper.assign(count, 0);
  map_.lower.assign(count, 0);
  map_.fraction.assign(count, 255);
  map_.lesion.assign(count, 0);
  map_.occupancy.assign(count, 0);
  points_.resize(count);
  const Vector3 first = HeadFromWorld(pose, image::WorldFromVoxel(grid, {0, 0, 0}));
  std::array<Vec, 3> step;
  for (int axis = 0; axis < 3; ++axis) {
    Vector3 index = {0, 0, 0};
    index[axis] = 1;
    const Vector3 next = HeadFromWorld(pose, image::WorldFromVoxel(grid, index));
    step[axis] = {static_cast<float>(next[0] - first[0]), static_cast<float>(next[1] - first[1]),
                  static_cast<float>(next[2] - first[2])};
  }
  const Vec origin = {static_cast<float>(first[0]), static_cast<float>(first[1]), static_cast<float>(first[2])};
  const auto bend = static_cast<float>(deformation_mm);
  std::size_t v = 0;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      const Vec row = origin + static_cast<float>(k) * step[2] + static_cast<float>(j) * step[1];
      for (std::int64_t i = 0; i < grid.size[0]; ++i, ++v) {
        const Vec p = row + static_cast<float>(i) * step[0];
        const Vec q = (1 / kBendCellMm) * p;
        points_[v] = p + bend * Vec{noise(q.x, q.y, q.z), noise(q.x + 21, q.y + 5, q.z + 40),
                                    noise(q.x + 43, q.y + 30, q.z + 17)};
      }
    }
  }
}

Painter::Range Painter::RangeOf(const Box& box) const {
  const Box grown = box.Grown(reach_mm_);
  Range range;
  for (int axis = 0; axis < 3; ++axis) range.low[axis] = map_.grid.size[axis], range.high[axis] = 0;
  for (int corner = 0; corner < 8; ++corner) {
    const Vector3 head = {(corner & 1) != 0 ? grown.high.x : grown.low.x,
                          (corner & 2) != 0 ? grown.high.y : grown.low.y,
                          (corner & 4) != 0 ? grown.high.z : grown.low.z};
    const Vector3 index = image::VoxelFromWorld(map_.grid, WorldFromHead(pose_, head));
    for (int axis = 0; axis < 3; ++axis) {
      const auto first = static_cast<std::int64_t>(std::floor(index[axis]));
      const auto last = static_cast<std::int64_t>(std::ceil(index[axis]));
      range.low[axis] = std::min(range.low[axis], std::max<std::int64_t>(0, first));
      range.high[axis] = std::max(range.high[axis], std::min(map_.grid.size[axis], last + 1));
    }
  }
  return range;
}

TissueMap Painter::Finish() {
  map_.texture_a.assign(points_.size(), 128);
  map_.texture_b.assign(points_.size(), 128);
  for (std::size_t v = 0; v < points_.size(); ++v) {
    if (map_.upper[v] == 0 && map_.lower[v] == 0) continue;
    const Vec a = (1 / kTextureACellMm) * points_[v];
    const Vec b = (1 / kTextureBCellMm) * points_[v];
    map_.texture_a[v] = CodeOfTexture((*noise_)(a.x, a.y, a.z));
    map_.texture_b[v] = CodeOfTexture((*noise_)(b.x + 11, b.y + 29, b.z + 7));
  }
  points_.clear();
  return std::move(map_);
}

}  // namespace parotis::phantom
