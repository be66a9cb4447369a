#include "evaluate/logistic.h"

#include <cmath>

#include "evaluate/overlap.h"

namespace parotis::evaluate {
namespace {

constexpr int kMostSteps = 100;
constexpr double kConverged = 1e-12;
// Separated outcomes send the coefficients to infinity; no calibration worth stating lies out there.
constexpr double kDiverged = 1e3;

const LogisticFit kNoFit = {kUndefined, kUndefined, kUndefined, kUndefined};

// Gradient of the log-likelihood and the information matrix.
struct Derivatives {
  double g0 = 0, g1 = 0, i00 = 0, i01 = 0, i11 = 0;
};

Derivatives DerivativesAt(const LogisticFit& fit, std::span<const double> x, std::span<const int> outcome) {
  Derivatives d;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double p = 1 / (1 + std::exp(-(fit.intercept + fit.slope * x[i])));
    const double residual = outcome[i] - p;
    const double weight = p * (1 - p);
    d.g0 += residual;
    d.g1 += residual * x[i];
    d.i00 += weight;
    d.i01 += weight * x[i];
    d.i11 += weight * x[i] * x[i];
  }
  return d;
}

bool Diverges(const LogisticFit& fit) {
  return !(std::abs(fit.intercept) < kDiverged) || !(std::abs(fit.slope) < kDiverged);
}

}  // namespace

LogisticFit FitLogistic(std::span<const double> x, std::span<const int> outcome) {
  LogisticFit fit;
  for (int step = 0; step < kMostSteps; ++step) {
    const Derivatives d = DerivativesAt(fit, x, outcome);
    const double determinant = d.i00 * d.i11 - d.i01 * d.i01;
    if (!(determinant > 1e-12 * d.i00 * d.i11)) return kNoFit;
    const double change_0 = (d.i11 * d.g0 - d.i01 * d.g1) / determinant;
    const double change_1 = (d.i00 * d.g1 - d.i01 * d.g0) / determinant;
    fit.intercept += change_0;
    fit.slope += change_1;
    if (Diverges(fit)) return kNoFit;
    fit.intercept_error = std::sqrt(d.i11 / determinant);
    fit.slope_error = std::sqrt(d.i00 / determinant);
    if (std::abs(change_0) + std::abs(change_1) < kConverged * (1 + std::abs(fit.intercept) + std::abs(fit.slope))) {
      return fit;
    }
  }
  return kNoFit;
}

LogisticFit FitLogisticIntercept(std::span<const double> x, std::span<const int> outcome) {
  LogisticFit fit{0, 1, 0, kUndefined};
  for (int step = 0; step < kMostSteps; ++step) {
    const Derivatives d = DerivativesAt(fit, x, outcome);
    if (!(d.i00 > 0)) return kNoFit;
    const double change = d.g0 / d.i00;
    fit.intercept += change;
    if (Diverges(fit)) return kNoFit;
    fit.intercept_error = 1 / std::sqrt(d.i00);
    if (std::abs(change) < kConverged * (1 + std::abs(fit.intercept))) return fit;
  }
  return kNoFit;
}

}  // namespace parotis::evaluate
