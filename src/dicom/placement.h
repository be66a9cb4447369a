// Where one slice image lies in the patient, and whether its header may be believed about that (PS3.3 C.7.6.2).
#pragma once

#include <array>

#include "dicom/header.h"

namespace parotis::dicom {

inline constexpr double kOrthogonality = 1e-3;  // largest |row · column| of an orientation

// Unit vectors in LPS: along a row, along a column, and their cross product.
struct Axes {
  image::Vector3 row;
  image::Vector3 column;
  image::Vector3 normal;
};

// Orthonormal axes of an orientation; false when its vectors are not unit vectors (to 1 %) at right angles.
bool AxesOf(const std::array<double, 6>& orientation, Axes& axes);

// Why this image cannot be placed in the patient; empty when it can: `plane.problem`, else what is missing, invalid or
// contradicts PatientOrientation (0020,0020).
base::Finding PlacementProblem(const PlaneHeader& plane);

image::Vector3 Scaled(const image::Vector3& v, double factor);
image::Vector3 Minus(const image::Vector3& a, const image::Vector3& b);

}  // namespace parotis::dicom
