// The box around a grid, along the patient's axes.
#pragma once

#include "image/geometry.h"

namespace parotis::image {

struct BoundingBox {
  Vector3 low_mm = {0, 0, 0};  // LPS
  Vector3 high_mm = {0, 0, 0};

  double length_mm(std::size_t axis) const { return high_mm[axis] - low_mm[axis]; }
};

// Around the outer faces of the voxels.
BoundingBox BoundingBoxOf(const Geometry& geometry);

}  // namespace parotis::image
