#include "base/wilson.h"

#include <algorithm>
#include <cmath>

namespace parotis::base {

std::array<double, 2> WilsonLimits(std::int64_t count, std::int64_t n, double z) {
  const double z2 = z * z;
  const auto total = static_cast<double>(n);
  const double p = static_cast<double>(count) / total;
  const double centre = (p + z2 / (2 * total)) / (1 + z2 / total);
  const double half = std::sqrt(z2 * (p * (1 - p) / total + z2 / (4 * total * total))) / (1 + z2 / total);
  // At 0 of n and n of n the limits are exactly 0 and 1; rounding must not push them past the estimate.
  return {count == 0 ? 0.0 : std::max(0.0, centre - half), count == n ? 1.0 : std::min(1.0, centre + half)};
}

}  // namespace parotis::base
