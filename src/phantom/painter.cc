#include "phantom/painter.h"

#include <array>
#include <cmath>

#include "phantom/texture.h"

namespace parotis::phantom {
namespace {

using image::Vector3;

constexpr float kTextureACellMm = 1.7f;
constexpr float kTextureBCellMm = 2.3f;
constexpr std::int64_t kLattice = 6;  // voxels in a row, and rows, between exact values of the warp

Vec ToVec(const Vector3& v) { return {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2])}; }

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

Painter::Painter(const image::Geometry& grid, const HeadPose& pose, const HeadWarp& warp, const SmoothNoise& noise)
    : noise_(&noise) {
  const auto count = static_cast<std::size_t>(grid.voxel_count());
  map_.grid = grid;
  map_.upper.assign(count, 0);
  map_.lower.assign(count, 0);
  map_.fraction.assign(count, 255);
  map_.lesion.assign(count, 0);
  map_.occupancy.assign(count, 0);
  map_.gland.assign(count, 0);
  points_.resize(count);
  PlacePoints(pose, warp);
  BoundRows();
}

// The warp is smooth over many voxels: exact on a lattice, linear between.
void Painter::PlacePoints(const HeadPose& pose, const HeadWarp& warp) {
  const auto& size = map_.grid.size;
  const auto head = [&](std::int64_t i, std::int64_t j, std::int64_t k) {
    return ToVec(HeadFromWorld(pose, image::WorldFromVoxel(map_.grid, {static_cast<double>(i), static_cast<double>(j),
                                                                       static_cast<double>(k)})));
  };
  const Vec first = head(0, 0, 0);
  const Vec step_i = head(1, 0, 0) - first, step_j = head(0, 1, 0) - first, step_k = head(0, 0, 1) - first;
  const std::int64_t columns = (size[0] - 1) / kLattice + 2, rows = (size[1] - 1) / kLattice + 2;
  std::vector<Vec> lattice(static_cast<std::size_t>(columns * rows));
  float longest = 0;
  std::size_t v = 0;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c) {
        const Vec p = first + static_cast<float>(k) * step_k + static_cast<float>(r * kLattice) * step_j +
                      static_cast<float>(c * kLattice) * step_i;
        Vec& at = lattice[static_cast<std::size_t>(r * columns + c)];
        at = warp(p);
        if (c > 0) longest = std::max(longest, Length(at - lattice[static_cast<std::size_t>(r * columns + c - 1)]));
      }
    }
    for (std::int64_t j = 0; j < size[1]; ++j) {
      const float down = static_cast<float>(j % kLattice) / kLattice;
      const Vec* above = &lattice[static_cast<std::size_t>(j / kLattice * columns)];
      const Vec* below = above + columns;
      for (std::int64_t c = 0; c + 1 < columns; ++c) {
        const Vec left = above[c] + down * (below[c] - above[c]);
        const Vec right = above[c + 1] + down * (below[c + 1] - above[c + 1]);
        const Vec step = (1.0f / kLattice) * (right - left);
        for (std::int64_t i = c * kLattice; i < std::min(size[0], (c + 1) * kLattice); ++i, ++v)
          points_[v] = left + static_cast<float>(i - c * kLattice) * step;
      }
    }
  }
  step_mm_ = std::max(1e-3f, longest / kLattice);
}

void Painter::BoundRows() {
  const auto& size = map_.grid.size;
  std::size_t v = 0;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      Box row = {points_[v], points_[v]};
      for (std::int64_t i = 0; i < size[0]; ++i, ++v) row = Around(row, {points_[v], points_[v]});
      slice_boxes_.resize(static_cast<std::size_t>(k + 1), row);
      slice_boxes_.back() = Around(slice_boxes_.back(), row);
      row_boxes_.push_back(row);
    }
  }
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
