// The parotid glands as distances in the average head's frame, and the surface of the facial nerve in them.
#pragma once

#include <optional>
#include <vector>

#include "phantom/body.h"
#include "phantom/loft.h"
#include "phantom/patient.h"

namespace parotis::phantom {

// Superficial lobe over masseter and jaw, the part behind the jaw, the deep lobe through the stylomandibular tunnel,
// the tail, and in some an accessory lobe in front: one smooth shape, before muscles and bone take their place in it.
class ParotidShape {
 public:
  ParotidShape(const Body& body, dataset::Side side, const SmoothNoise& noise, base::Random& random);
  float operator()(Vec p) const;
  Box bounds() const { return box_; }

 private:
  std::vector<Loft> parts_;
  std::optional<Ellipsoid> accessory_;
  const SmoothNoise* noise_;
  float sign_, size_;
  Box box_;
};

// Signed distance from the surface in which the facial nerve's branches run, on the given side: positive superficial to
// it, negative deep. It comes from the stylomastoid foramen, passes lateral to the retromandibular vein and the jaw's
// hind border, and lies on the masseter in front.
float AboveFacialNerve(Vec p, dataset::Side side);

}  // namespace parotis::phantom
