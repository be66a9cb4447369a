#include "base/wilson.h"

#include <gtest/gtest.h>

namespace parotis::base {
namespace {

// Newcombe, Stat Med 1998;17:857, table I.
TEST(WilsonLimits, AreThePublishedOnes) {
  const auto [low, high] = WilsonLimits(81, 263, 1.959963984540054);
  EXPECT_NEAR(low, 0.2553, 5e-5);
  EXPECT_NEAR(high, 0.3662, 5e-5);
}

TEST(WilsonLimits, OfNoneAndOfAllAreExactlyZeroAndOne) {
  for (const std::int64_t n : {1, 3, 20000}) {
    EXPECT_EQ(WilsonLimits(0, n, 1.96)[0], 0);
    EXPECT_EQ(WilsonLimits(n, n, 1.96)[1], 1);
  }
}

}  // namespace
}  // namespace parotis::base
