#include "phantom/spread.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace parotis::phantom {
namespace {

// A normal variable that must be positive never falls below this share of its mean.
constexpr double kSmallestShare = 0.02;

double LogOfNormalDensity(double distance, double sd) {
  return -distance * distance / (2 * sd * sd) - std::log(sd) - 0.5 * std::log(2 * std::numbers::pi);
}

}  // namespace

double Spread::At(double z) const {
  if (shape == Shape::kNormal) return std::max(kSmallestShare * mean, mean + sd * z);
  const double variance = std::log1p(sd * sd / (mean * mean));
  return std::exp(std::log(mean) - variance / 2 + std::sqrt(variance) * z);
}

double Spread::LogDensity(double value) const {
  if (shape == Shape::kNormal) return LogOfNormalDensity(value - mean, sd);
  const double variance = std::log1p(sd * sd / (mean * mean));
  return LogOfNormalDensity(std::log(value) - (std::log(mean) - variance / 2), std::sqrt(variance)) - std::log(value);
}

}  // namespace parotis::phantom
