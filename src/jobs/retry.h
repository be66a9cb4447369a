// How often and how late something is tried again.
#pragma once

#include <algorithm>
#include <cmath>

namespace parotis::jobs {

struct RetryRule {
  int attempts = 5;  // then it is left for people to look at
  double first_s = 10;
  double longest_s = 3600;

  // Before the attempt that follows `made` attempts: twice as long each time.
  double DelayInSeconds(int made) const { return std::min(longest_s, first_s * std::pow(2.0, std::max(0, made - 1))); }
};

}  // namespace parotis::jobs
