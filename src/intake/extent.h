// Where a grid lies in the patient, as the box around it along the patient's axes.
#pragma once

#include <array>

#include "image/geometry.h"

namespace parotis::intake {

struct Extent {
  image::Vector3 low_mm = {0, 0, 0};  // LPS
  image::Vector3 high_mm = {0, 0, 0};

  double length_mm(std::size_t axis) const { return high_mm[axis] - low_mm[axis]; }
};

// Around the outer faces of the voxels.
Extent ExtentOf(const image::Geometry& geometry);

// 0 … 1: how far two acquisitions show the same of the patient. Head to foot (axis S) it is Dice's coefficient of the
// two lengths, because what only one of them covers is missing in the other; across it is the common part of the
// narrower one, because a wider field of view adds air.
double OverlapOf(const Extent& a, const Extent& b);

// 0 … 1: the share of the target's voxels that lie inside `source`, by every fourth voxel of a row and a column.
double CoverageOf(const image::Geometry& target, const image::Geometry& source);

// The same slices and field of view, whatever the matrix: interpolation changes only that.
bool SameStack(const image::Geometry& a, const image::Geometry& b);

// Slice normals within 10°.
bool SamePlane(const image::Geometry& a, const image::Geometry& b);

}  // namespace parotis::intake
