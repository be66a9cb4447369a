// Two shapes for tables of coordinates: a loft through axial sections one above the other, for what runs from head to
// foot, and a sweep along a space curve, for everything else.
#pragma once

#include <vector>

#include "base/random.h"
#include "phantom/shapes.h"

namespace parotis::phantom {

// An ellipse in the plane of height z: half axis `across` along the section's own u axis, `along` along its v axis. At
// turn 0 u points to +x and v to +y; a positive turn takes u towards v. The section is bowed: the point at v is shifted
// by −bow·v² along u, so that a positive bow curves both ends to −u (1/mm).
struct Section {
  float z = 0, x = 0, y = 0, across = 1, along = 1;
  float turn_deg = 0;
  float bow = 0;
};

class Loft {
 public:
  // Sections by rising or falling z, at least two; ends are rounded with `rounding` mm.
  explicit Loft(const std::vector<Section>& sections, float rounding = 3);
  float operator()(Vec p) const;
  const Extent& bounds() const { return extent_; }

 private:
  struct Level {
    float x, y, across, along, cosine, sine, bow;
  };
  static constexpr float kStepMm = 2;

  std::vector<Level> levels_;  // every kStepMm from low_
  float low_ = 0, high_ = 0, rounding_ = 3;
  Extent extent_ = Box{};
};

// A point of the curve, the half axes of the elliptical section there: `across` the curve in the horizontal direction,
// `tall` square to both.
struct Station {
  Vec at;
  float across = 1, tall = 1;
};

class Sweep {
 public:
  // At least two stations; a smooth curve runs through them. Ends are rounded.
  explicit Sweep(const std::vector<Station>& stations);
  float operator()(Vec p) const;
  const Extent& bounds() const { return extent_; }

 private:
  struct Knot {
    Vec at, side, up;
    float across, tall;
  };
  std::vector<Knot> knots_;
  Extent extent_ = Box{};
};

// A horseshoe: the stations of the left half, the last of them in the midline, with their mirror images.
std::vector<Station> Horseshoe(const std::vector<Station>& left_half);

// The same organ in another person, or on the other side: moved by about `shift_mm`, wider or narrower by a few per
// cent.
std::vector<Section> Varied(std::vector<Section> sections, base::Random& random, double shift_mm = 0.8);
std::vector<Station> Varied(std::vector<Station> stations, base::Random& random, double shift_mm = 0.8);
Ellipsoid Varied(Ellipsoid shape, base::Random& random, double shift_mm = 0.8);

}  // namespace parotis::phantom
