// How far two grids show the same of the patient.
#pragma once

#include "image/bounding_box.h"

namespace parotis::intake {

// 0 … 1: how far two acquisitions show the same of the patient. Head to foot (axis S) it is Dice's coefficient of the
// two lengths, because what only one of them covers is missing in the other; across it is the common part of the
// narrower one, because a wider field of view adds air.
double OverlapOf(const image::BoundingBox& a, const image::BoundingBox& b);

// 0 … 1: the share of the target's voxels that lie inside `source`, by every fourth voxel of a row and a column.
double CoverageOf(const image::Geometry& target, const image::Geometry& source);

// The same slices and field of view, whatever the matrix: interpolation changes only that.
bool SameStack(const image::Geometry& a, const image::Geometry& b);

// Slice normals within 10°.
bool SamePlane(const image::Geometry& a, const image::Geometry& b);

}  // namespace parotis::intake
