// How a positive quantity varies between patients: mean and standard deviation of the quantity itself, and the shape of
// its distribution.
#pragma once

#include "base/random.h"

namespace parotis::phantom {

struct Spread {
  enum class Shape {
    kLogNormal,
    kNormal  // kept above 0
  };
  double mean = 0;
  double sd = 0;
  Shape shape = Shape::kLogNormal;

  // The value that lies `z` standard deviations above the middle, on the scale on which it is normal. Increases with z.
  double At(double z) const;
  double Draw(base::Random& random) const { return At(random.Normal()); }
  // Natural logarithm of the density at `value` > 0.
  double LogDensity(double value) const;
};

}  // namespace parotis::phantom
