// The patient on a fine grid: every voxel a mix of at most two tissues, painted shape after shape, later ones on top.
// Shapes are given in the head frame and bend with the patient's own smooth deformation of it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "image/volume.h"
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

struct TissueMap {
  image::Geometry grid;
  std::vector<std::uint8_t> upper, lower;          // tissue indices per voxel
  std::vector<std::uint8_t> fraction;              // share of `upper`, 255 = all
  std::vector<std::uint8_t> texture_a, texture_b;  // codes of phantom/texture.h
  std::vector<std::uint8_t> lesion;                // 0, or 1 + index of the lesion in the patient
  std::vector<std::uint8_t> occupancy;             // share of that lesion in the voxel, 255 = all
};

struct Layer {
  std::uint8_t tissue;
  float inset_mm;
};

class Painter {
 public:
  // `deformation_mm`: standard deviation of the smooth displacement along each axis.
  Painter(const image::Geometry& grid, const HeadPose& pose, const SmoothNoise& noise, double deformation_mm);

  // Paints where distance(p) < 0; the edge is `edge_mm` wide. `distance` is called with points of the head frame.
  template <class Distance>
  void Paint(std::uint8_t tissue, const Box& box, const Distance& distance, float edge_mm = kEdgeMm) {
    PaintLayers({{tissue, 0}}, box, distance, edge_mm);
  }
  template <class Shape>
  void Paint(std::uint8_t tissue, const Shape& shape) {
    PaintLayers({{tissue, 0}}, shape.bounds(), shape);
  }
  // One shape, several tissues from outside in: each fills where distance(p) + inset_mm < 0.
  template <class Distance>
  void PaintLayers(std::initializer_list<Layer> layers, const Box& box, const Distance& distance,
                   float edge_mm = kEdgeMm);
  // Marks where a lesion is, except on voxels that are mostly one of `others`; changes no tissue.
  template <class Distance>
  void Mark(std::uint8_t lesion, const std::vector<std::uint8_t>& others, const Box& box, const Distance& distance);

  // Fills in the textures and hands the map over; the painter is used up.
  TissueMap Finish();

  // About one in-plane voxel: the share of a voxel that a straight edge leaves inside.
  static constexpr float kEdgeMm = 0.9f;

 private:
  struct Range {
    std::array<std::int64_t, 3> low, high;  // [low, high) per index axis
  };
  static constexpr float kNothing = 0.002f;

  Range RangeOf(const Box& box) const;
  std::uint8_t MainTissue(std::size_t v) const { return map_.fraction[v] >= 128 ? map_.upper[v] : map_.lower[v]; }
  void Cover(std::size_t v, std::uint8_t tissue, float share) {
    const auto code = static_cast<std::uint8_t>(std::min(share, 1.0f) * 255 + 0.5f);
    if (map_.upper[v] == tissue) {
      map_.fraction[v] = std::max(map_.fraction[v], code);
      return;
    }
    map_.lower[v] = MainTissue(v);
    map_.upper[v] = tissue;
    map_.fraction[v] = code;
  }
  template <class Visit>
  void ForEach(const Box& box, const Visit& visit) const;

  TissueMap map_;
  HeadPose pose_;
  const SmoothNoise* noise_;
  float reach_mm_;
  std::vector<Vec> points_;  // of every voxel, in the undeformed head frame
};

template <class Visit>
void Painter::ForEach(const Box& box, const Visit& visit) const {
  const Range range = RangeOf(box);
  const auto& size = map_.grid.size;
  for (std::int64_t k = range.low[2]; k < range.high[2]; ++k) {
    for (std::int64_t j = range.low[1]; j < range.high[1]; ++j) {
      const std::int64_t row = (k * size[1] + j) * size[0];
      for (std::int64_t i = range.low[0]; i < range.high[0]; ++i) visit(static_cast<std::size_t>(row + i));
    }
  }
}

template <class Distance>
void Painter::PaintLayers(std::initializer_list<Layer> layers, const Box& box, const Distance& distance,
                          float edge_mm) {
  ForEach(box.Grown(edge_mm), [&](std::size_t v) {
    const float outside = distance(points_[v]);
    for (const Layer& layer : layers) {
      const float share = 0.5f - (outside + layer.inset_mm) / edge_mm;
      if (share <= kNothing) return;
      Cover(v, layer.tissue, share);
    }
  });
}

template <class Distance>
void Painter::Mark(std::uint8_t lesion, const std::vector<std::uint8_t>& others, const Box& box,
                   const Distance& distance) {
  ForEach(box.Grown(kEdgeMm), [&](std::size_t v) {
    const float share = 0.5f - distance(points_[v]) / kEdgeMm;
    if (share <= kNothing || std::count(others.begin(), others.end(), MainTissue(v)) != 0) return;
    const auto code = static_cast<std::uint8_t>(std::min(share, 1.0f) * 255 + 0.5f);
    if (code < map_.occupancy[v]) return;
    map_.lesion[v] = lesion;
    map_.occupancy[v] = code;
  });
}

}  // namespace parotis::phantom
