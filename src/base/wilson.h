// Interval of a proportion.
#pragma once

#include <array>
#include <cstdint>

namespace parotis::base {

// The limits of `count` in `n` > 0 at `z` standard normal deviates: score interval without continuity correction
// (Wilson, J Am Stat Assoc 1927;22:209).
std::array<double, 2> WilsonLimits(std::int64_t count, std::int64_t n, double z);

}  // namespace parotis::base
