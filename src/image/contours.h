// Closed polygons in parallel planes, as radiotherapy draws structures, and the voxels that they enclose.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "image/volume.h"

namespace parotis::image {

using Polygon = std::vector<Vector3>;  // world points, LPS mm; the last is joined to the first

struct ContourPlane {
  double along_normal_mm = 0;
  std::vector<std::vector<std::array<double, 2>>> rings_mm;  // along the stack's u and v
};

struct ContourStack {
  Vector3 normal = {0, 0, 1};  // unit vectors in LPS; u and v span the planes
  Vector3 u = {1, 0, 0};
  Vector3 v = {0, 1, 0};
  double thickness_mm = 0;           // of what one plane stands for; 0 when a single plane does not tell
  std::vector<ContourPlane> planes;  // ascending
};

// Sorts polygons of at least three points into planes; those within 0.05 mm share one. A plane stands for
// `slab_thickness_mm`, when that is positive, else for the (lower) median distance of neighbouring planes. Absent when
// the polygons do not lie in parallel planes (0.2 mm), enclose no area, or there is none.
std::optional<ContourStack> StackContours(std::span<const Polygon> polygons, double slab_thickness_mm);

// 1 where the centre of a voxel is enclosed. Along the normal a voxel belongs to the nearest plane, up to half of the
// thickness (a neighbour not much further than that is met half-way); a single plane of unknown thickness is as thick
// as the grid's voxels. Within a plane by the even-odd rule over all of its rings: a ring in a ring is a hole, a
// keyhole's two coinciding edges cancel. Any orientation of grid and planes.
LabelVolume FillContours(const ContourStack& stack, const Geometry& grid);

}  // namespace parotis::image
