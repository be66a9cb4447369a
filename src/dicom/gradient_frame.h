// The frames in which scanners write gradient directions, and the way from each to the patient (LPS).
#pragma once

#include <array>
#include <optional>
#include <string>

#include "image/geometry.h"

namespace parotis::dicom {

enum class GradientFrame {
  kPatient,    // LPS: the standard (PS3.3 C.8.13.5.9), Siemens, Philips
  kImage,      // components along rows, columns and slice normal (row × column): United Imaging
  kFrequency,  // along frequency, phase and slice encoding, "logical" axes: GE
  kCanon,      // of Canon's image comments
};

struct ImageAxes {
  std::optional<std::array<double, 6>> orientation;  // (0020,0037): along a row, along a column
  std::string phase_encoding;                        // (0018,1312): "ROW", "COL" or "COLUMN"
};

// The unit vector in LPS; its sign has no meaning. Absent when the direction has no length, when the image has no valid
// orientation, or when it takes the direction of phase encoding to know and that is not written.
std::optional<image::Vector3> DirectionInPatient(const image::Vector3& direction, GradientFrame frame,
                                                 const ImageAxes& axes);

// The direction of a b-matrix xx xy xz yy yz zz: its first eigenvector. Absent when another axis is weighted nearly as
// much (first eigenvalue below 0.8 of the trace).
std::optional<image::Vector3> DirectionOfBMatrix(const std::array<double, 6>& b_matrix_s_mm2);

// The angle between two axes, 0 … 90.
double AngleBetweenAxesDegrees(const image::Vector3& a, const image::Vector3& b);

}  // namespace parotis::dicom
