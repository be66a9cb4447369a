#include "maps/rician.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "base/random.h"

namespace parotis::maps {
namespace {

TEST(MeanOfRice, IsThatOfRayleighWithoutSignalAndTheSignalFarAboveNoise) {
  EXPECT_NEAR(MeanOfRice(0).mean, std::sqrt(std::numbers::pi / 2), 1e-12);
  EXPECT_NEAR(MeanOfRice(0).slope, 0, 1e-12);
  EXPECT_NEAR(MeanOfRice(1000).mean, 1000.0005, 1e-9);
  EXPECT_NEAR(MeanOfRice(1000).slope, 1, 1e-6);
}

TEST(MeanOfRice, IsTheMeanOfDrawnMagnitudes) {
  base::Random random(4);
  for (const double signal : {0.3, 1.0, 2.7, 6.0}) {
    double sum = 0;
    constexpr int kDraws = 200000;
    for (int n = 0; n < kDraws; ++n) sum += std::hypot(signal + random.Normal(), random.Normal());
    EXPECT_NEAR(MeanOfRice(signal).mean, sum / kDraws, 4 / std::sqrt(kDraws));
  }
}

TEST(MeanOfRice, TheTableJoinsTheSeriesAndItsSlopeIsThatOfTheMean) {
  EXPECT_NEAR(MeanOfRice(12 - 1e-9).mean, MeanOfRice(12 + 1e-9).mean, 2e-6);
  for (double signal = 0.01; signal < 14; signal += 0.0371) {
    const double slope = (MeanOfRice(signal + 1e-5).mean - MeanOfRice(signal - 1e-5).mean) / 2e-5;
    EXPECT_NEAR(MeanOfRice(signal).slope, slope, 2e-4) << signal;
  }
}

}  // namespace
}  // namespace parotis::maps
