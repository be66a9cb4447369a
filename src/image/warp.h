// How a point of one image's world becomes a point of another's: an affine map, and a smooth displacement along one
// direction on top of it, as echo-planar images have along their phase-encode axis.
#pragma once

#include <optional>
#include <vector>

#include "image/geometry.h"

namespace parotis::image {

// point ↦ matrix · point + shift_mm; LPS mm.
struct AffineMap {
  Matrix3 matrix = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  Vector3 shift_mm = {0, 0, 0};

  friend bool operator==(const AffineMap&, const AffineMap&) = default;
};
Vector3 Mapped(const AffineMap& map, const Vector3& point_world);
// Throws kInput when the matrix is singular.
AffineMap Inverse(const AffineMap& map);

// Displacement along one index axis of `grid`, whose voxels are the control points of a uniform cubic B-spline
// (Rueckert et al., IEEE TMI 1999). Outside the grid the outermost control points are continued.
struct LineDisplacement {
  Geometry grid;
  int axis = 1;                         // of `grid`; the direction of the displacement
  std::vector<double> coefficients_mm;  // [grid.voxel_count()]

  struct Value {
    double shift_mm = 0;
    double stretch = 0;  // derivative of the shift along its own direction
  };
  Value At(const Vector3& point_world) const;
  Vector3 direction_world() const;
};

// From the target's world to the source's: x ↦ p = source_from_target(x), then p + u(p) · direction.
struct Warp {
  AffineMap source_from_target;
  std::optional<LineDisplacement> displacement;
  // Multiplies each value by 1 + du/ds, which keeps signal that was piled up or drawn out (Jezzard and Balaban, MRM
  // 1995; Chang and Fitzpatrick, IEEE TMI 1992). For signals; not for quotients of signals such as an ADC.
  bool keeps_signal = true;

  bool identity() const { return source_from_target == AffineMap{} && !displacement; }
};

// The weights and derivatives of a uniform cubic B-spline's four control points around the continuous coordinate x; the
// first of them is control point floor(x) − 1.
struct SplineWeights {
  std::int64_t first = 0;
  std::array<double, 4> weights{}, slopes{};
};
SplineWeights SplineWeightsAt(double x);

}  // namespace parotis::image
