// Which axis is which between a case's grid, the patient and the network's slices.
#pragma once

#include <array>

#include "image/geometry.h"

namespace parotis::plan {

// The index axis of `geometry` nearest to each patient axis x, y, z (LPS): a permutation of 0, 1, 2.
std::array<int, 3> CanonicalAxes(const image::Geometry& geometry);

// The patient axes along which the network's columns, rows and slices run, for PreparationPlan::slice_axis: axial (2)
// slices have x along a row and y down a column; coronal (1) x and z; sagittal (0) y and z. PreparationPlan::spacing_mm
// is in this order.
std::array<int, 3> NetworkAxes(int slice_axis);

}  // namespace parotis::plan
