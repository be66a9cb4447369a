// Whether the slices of one stack form a regular grid along their normal (PS3.3 C.7.6.2.1.1).
#pragma once

#include <vector>

#include "dicom/header.h"

namespace parotis::dicom {

// Largest deviation of a slice from equal spacing: this part of the spacing, or kPositionTolerance_mm if that is more.
inline constexpr double kSpacingTolerance = 0.02;
inline constexpr double kPositionTolerance_mm = 0.02;

// A slice image that has a place.
struct PlacedPlane {
  const PlaneHeader* plane = nullptr;
  double along_normal_mm = 0;
  std::vector<const PlaneHeader*> twins;  // other images at the same place, which must show the same
};

struct SliceSpacing {
  double mm = 0;
  base::Finding problem;  // why there is none
  base::Finding doubt;    // a flag: the header says otherwise
};

// `stack` in slice order, not empty. Refuses gaps, uneven spacing, sideways shifts and stacks along another line than
// the normal (gantry tilt). Flags a spacing that is a multiple of the one written: every second slice may be missing.
SliceSpacing SpacingOf(const std::vector<PlacedPlane>& stack, const image::Vector3& normal);

// The part of a − b that lies in the plane with this normal, in mm.
double SidewaysDistanceMm(const image::Vector3& a, const image::Vector3& b, const image::Vector3& normal);

}  // namespace parotis::dicom
