#include "maps/rician.h"

#include <array>
#include <cmath>
#include <numbers>

namespace parotis::maps {
namespace {

constexpr double kAsymptoticFrom = 12;
constexpr int kStepsPerUnit = 32;
constexpr std::size_t kKnots = 12 * kStepsPerUnit + 1;

// With u = θ²/4: L½(−2u) = e^(−u) · ((1 + 2u) I₀(u) + 2u I₁(u)), whose derivative by u is e^(−u) · (I₀(u) + I₁(u)).
RicianMean Exact(double theta) {
  const double u = theta * theta / 4;
  const double i0 = std::exp(-u) * std::cyl_bessel_i(0.0, u);
  const double i1 = std::exp(-u) * std::cyl_bessel_i(1.0, u);
  const double scale = std::sqrt(std::numbers::pi / 2);
  return {scale * ((1 + 2 * u) * i0 + 2 * u * i1), scale * theta / 2 * (i0 + i1)};
}

const std::array<RicianMean, kKnots>& Table() {
  static const std::array<RicianMean, kKnots> table = [] {
    std::array<RicianMean, kKnots> knots;
    for (std::size_t n = 0; n < kKnots; ++n) knots[n] = Exact(static_cast<double>(n) / kStepsPerUnit);
    return knots;
  }();
  return table;
}

}  // namespace

RicianMean MeanOfRice(double signal_over_sigma) {
  const double theta = signal_over_sigma;
  if (!(theta < kAsymptoticFrom)) {
    const double inverse_square = 1 / (theta * theta);
    return {theta + (0.5 + 0.125 * inverse_square) / theta, 1 - inverse_square * (0.5 + 0.375 * inverse_square)};
  }
  // Cubic Hermite between knots: mean and slope fit together.
  const double position = theta * kStepsPerUnit;
  const auto knot = static_cast<std::size_t>(position);
  const double t = position - static_cast<double>(knot);
  const RicianMean& a = Table()[knot];
  const RicianMean& b = Table()[knot + 1];
  const double width = 1.0 / kStepsPerUnit;
  const double rise = b.mean - a.mean;
  const double bend_a = a.slope * width - rise;
  const double bend_b = rise - b.slope * width;
  const double mean = a.mean + t * rise + t * (1 - t) * ((1 - t) * bend_a + t * bend_b);
  const double slope = (rise + (1 - 2 * t) * ((1 - t) * bend_a + t * bend_b) + t * (1 - t) * (bend_b - bend_a)) / width;
  return {mean, slope};
}

}  // namespace parotis::maps
