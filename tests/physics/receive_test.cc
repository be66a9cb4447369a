#include "physics/receive.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace parotis::physics {
namespace {

constexpr int kDraws = 200000;

struct Moments {
  double mean = 0, mean_square = 0;
};

Moments MomentsOf(double signal, double sigma, int channels) {
  base::Random random(4);
  Moments moments;
  for (int d = 0; d < kDraws; ++d) {
    const double value = NoisyMagnitude(signal, sigma, channels, random);
    moments.mean += value / kDraws;
    moments.mean_square += value * value / kDraws;
  }
  return moments;
}

// Rice's distribution: mean of the square A² + 2σ²; mean σ √(π/2) L(−A²/2σ²), here for A = 3, σ = 2 by its series.
TEST(Noise, HasTheMomentsOfRice) {
  EXPECT_NEAR(MomentsOf(3, 2, 1).mean_square, 9 + 2 * 4, 0.1);
  const double half = 9.0 / 16;  // A²/(4σ²)
  const double mean = 2 * std::sqrt(std::numbers::pi / 2) * std::exp(-half) *
                      ((1 + 2 * half) * std::cyl_bessel_i(0, half) + 2 * half * std::cyl_bessel_i(1, half));
  EXPECT_NEAR(MomentsOf(3, 2, 1).mean, mean, 0.02);
  EXPECT_NEAR(MomentsOf(0, 2, 1).mean, 2 * std::sqrt(std::numbers::pi / 2), 0.02) << "Rayleigh";
}

// Non-central χ of 2n degrees: mean of the square A² + 2nσ²; without signal the mean is σ √2 Γ(n + ½)/Γ(n).
TEST(Noise, OfSeveralChannelsHasTheMomentsOfChi) {
  EXPECT_NEAR(MomentsOf(5, 2, 4).mean_square, 25 + 8 * 4, 0.25);
  EXPECT_NEAR(MomentsOf(0, 2, 4).mean, 2 * std::numbers::sqrt2 * std::tgamma(4.5) / std::tgamma(4.0), 0.02);
}

}  // namespace
}  // namespace parotis::physics
