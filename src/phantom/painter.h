// The patient on a fine grid: every voxel a mix of at most two tissues, painted shape after shape, later ones on top.
// Shapes are given in the average head's frame and bend with the patient's own smooth map of space (HeadWarp).
// Painting steps along rows of voxels by the distance to the shape, so that its cost is that of the surface.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "image/volume.h"
#include "phantom/body.h"
#include "phantom/noise.h"
#include "phantom/shapes.h"

namespace parotis::phantom {

// Head frame (canonical mm) → world (LPS mm): rotation and scale, then translation.
struct HeadPose {
  image::Matrix3 rotation = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  double scale = 1;
  image::Vector3 origin_world = {0, 0, 0};
};
image::Vector3 WorldFromHead(const HeadPose& pose, const image::Vector3& point_head);
image::Vector3 HeadFromWorld(const HeadPose& pose, const image::Vector3& point_world);

// Where the glands are. The region of a gland is what its capsule encloses: parenchyma with its ducts, septa and
// lobules of fat, the vessels, nerve and nodes that run or lie in it, and a tumour as far as the gland closes around
// it; what a tumour occupies outside (muscle, fat, skin) is not gland. Superficial and deep are the two sides of the
// facial nerve's surface.
enum class GlandRegion : std::uint8_t {
  kNone,
  kParotidRightSuperficial,
  kParotidRightDeep,
  kParotidLeftSuperficial,
  kParotidLeftDeep,
  kSubmandibularRight,
  kSubmandibularLeft
};

struct TissueMap {
  image::Geometry grid;
  std::vector<std::uint8_t> upper, lower;          // tissue indices per voxel
  std::vector<std::uint8_t> fraction;              // share of `upper`, 255 = all
  std::vector<std::uint8_t> texture_a, texture_b;  // codes of phantom/texture.h
  std::vector<std::uint8_t> lesion;                // 0, or 1 + index of the lesion in the patient
  std::vector<std::uint8_t> occupancy;             // share of that lesion in the voxel, 255 = all
  std::vector<std::uint8_t> gland;                 // codes of GlandRegion
};

struct Layer {
  std::uint8_t tissue;
  float inset_mm;
};

// How a shape is put on: width of its edge, and a bound on how fast its distance changes per mm.
struct Brush {
  float edge_mm = 0.9f;  // about one in-plane voxel: the share of a voxel that a straight edge leaves inside
  float lipschitz = 1.25f;
};

class Painter {
 public:
  Painter(const image::Geometry& grid, const HeadPose& pose, const HeadWarp& warp, const SmoothNoise& noise);

  // Paints where distance(p) < 0. `extent` encloses the shape.
  template <class Distance>
  void Paint(std::uint8_t tissue, const Extent& extent, const Distance& distance, Brush brush = {}) {
    PaintLayers({{tissue, 0}}, extent, distance, brush);
  }
  template <class Shape>
  void Paint(std::uint8_t tissue, const Shape& shape) {
    PaintLayers({{tissue, 0}}, shape.bounds(), shape);
  }
  // One shape, several tissues from outside in: each fills where distance(p) + inset_mm < 0. Insets rise.
  template <class Distance>
  void PaintLayers(std::initializer_list<Layer> layers, const Extent& extent, const Distance& distance,
                   Brush brush = {});
  // Calls visit(voxel, share of the voxel inside) for every voxel that is partly inside.
  template <class Distance, class Visit>
  void ForEachInside(const Extent& extent, const Distance& distance, const Visit& visit, Brush brush = {}) const;

  Vec PointOf(std::size_t v) const { return points_[v]; }
  std::uint8_t MainTissue(std::size_t v) const { return map_.fraction[v] >= 128 ? map_.upper[v] : map_.lower[v]; }
  void Cover(std::size_t v, std::uint8_t tissue, float share) {
    const std::uint8_t code = CodeOf(share);
    if (map_.upper[v] == tissue) {
      map_.fraction[v] = std::max(map_.fraction[v], code);
      return;
    }
    map_.lower[v] = MainTissue(v);
    map_.upper[v] = tissue;
    map_.fraction[v] = code;
  }
  // NOLINTNEXTLINE(bugprone-incorrect-roundings): a share is not negative, and this is in the innermost loop
  static std::uint8_t CodeOf(float share) { return static_cast<std::uint8_t>(std::min(share, 1.0f) * 255 + 0.5f); }
  TissueMap& map() { return map_; }

  // Fills in the textures and hands the map over; the painter is used up.
  TissueMap Finish();

 private:
  static constexpr float kNothing = 0.002f;  // a share that does not count

  void PlacePoints(const HeadPose& pose, const HeadWarp& warp);
  void BoundRows();
  // Calls walk(first, last, box) for every row of voxels that comes near the extent; `box` is what of it is near the
  // row.
  template <class Walk>
  void ForEachRow(const Extent& extent, const Walk& walk) const;

  TissueMap map_;
  const SmoothNoise* noise_;
  std::vector<Vec> points_;                   // of every voxel, in the average head's frame
  std::vector<Box> row_boxes_, slice_boxes_;  // [slices, rows], [slices]
  float step_mm_ = 1;                         // the largest distance between neighbours in a row
};

template <class Walk>
void Painter::ForEachRow(const Extent& extent, const Walk& walk) const {
  const auto& size = map_.grid.size;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    const Box& slice = slice_boxes_[static_cast<std::size_t>(k)];
    if (!slice.Overlaps(extent.whole())) continue;
    const Box box = extent.Between(slice.low.z, slice.high.z);
    if (!slice.Overlaps(box)) continue;
    for (std::int64_t j = 0; j < size[1]; ++j) {
      const auto row = static_cast<std::size_t>(k * size[1] + j);
      if (!row_boxes_[row].Overlaps(box)) continue;
      walk(row * static_cast<std::size_t>(size[0]), (row + 1) * static_cast<std::size_t>(size[0]), box);
    }
  }
}

template <class Distance>
void Painter::PaintLayers(std::initializer_list<Layer> layers, const Extent& extent, const Distance& distance,
                          Brush brush) {
  const float half = 0.5f * brush.edge_mm, inverse_step = 1 / (step_mm_ * brush.lipschitz);
  const float outermost = layers.begin()->inset_mm;
  const Extent grown = extent.Grown(half + std::max(0.0f, -outermost));
  const auto steps = [&](float free_mm) {
    return std::max<std::size_t>(1, static_cast<std::size_t>(free_mm * inverse_step));
  };
  ForEachRow(grown, [&](std::size_t v, std::size_t end, const Box& near) {
    while (v < end) {
      const Vec p = points_[v];
      const float away = near.DistanceTo(p);
      if (away > 0) {
        v += std::max<std::size_t>(1, static_cast<std::size_t>(away / step_mm_));
        continue;
      }
      const float outside = distance(p);
      if (outside + outermost >= half) {
        v += steps(outside + outermost - half);
        continue;
      }
      // Either an edge is within reach, or the voxel and its neighbours are all of one layer.
      float free_mm = 1e9f;
      std::uint8_t whole = 0;
      for (const Layer& layer : layers) {
        const float beyond = outside + layer.inset_mm;
        free_mm = std::min(free_mm, std::abs(beyond) - half);
        if (beyond <= -half) whole = layer.tissue;
      }
      if (free_mm < step_mm_) {
        for (const Layer& layer : layers) {
          const float share = 0.5f - (outside + layer.inset_mm) / brush.edge_mm;
          if (share <= kNothing) break;
          Cover(v, layer.tissue, share);
        }
        ++v;
        continue;
      }
      for (const std::size_t stop = std::min(end, v + steps(free_mm)); v < stop; ++v) {
        map_.upper[v] = whole;
        map_.fraction[v] = 255;
      }
    }
  });
}

template <class Distance, class Visit>
void Painter::ForEachInside(const Extent& extent, const Distance& distance, const Visit& visit, Brush brush) const {
  const float half = 0.5f * brush.edge_mm, inverse_step = 1 / (step_mm_ * brush.lipschitz);
  const Extent grown = extent.Grown(half);
  ForEachRow(grown, [&](std::size_t v, std::size_t end, const Box& near) {
    while (v < end) {
      const Vec p = points_[v];
      const float away = near.DistanceTo(p);
      const float outside = away > 0 ? 0 : distance(p);
      if (away > 0 || outside >= half) {
        const float free = away > 0 ? away / step_mm_ : (outside - half) * inverse_step;
        v += std::max<std::size_t>(1, static_cast<std::size_t>(free));
        continue;
      }
      const float share = 0.5f - outside / brush.edge_mm;
      // Deep inside, so are the neighbours.
      const std::size_t run =
          share < 1 ? 1 : std::max<std::size_t>(1, static_cast<std::size_t>((-outside - half) * inverse_step));
      for (const std::size_t stop = std::min(end, v + run); v < stop; ++v) {
        if (share > kNothing) visit(v, std::min(share, 1.0f));
      }
    }
  });
}

}  // namespace parotis::phantom
