// Size of a flat shape as a reader measures it with two calipers: the longest diameter and, at a right angle to it, the
// longest chord (RECIST 1.1, WHO). Measured on the convex hull of the outline.
#pragma once

#include <array>
#include <vector>

namespace parotis::diagnose {

using Point2 = std::array<double, 2>;  // mm in the slice

struct Diameters {
  double long_mm = 0;
  double short_mm = 0;
};

// `outline`: points on the shape's border, in any order; at least one. Of several equally long diameters the one with
// the longest perpendicular chord is taken, so that the result does not depend on the order.
Diameters DiametersOf(std::vector<Point2> outline);

}  // namespace parotis::diagnose
