// Small non-linear least squares within bounds: Levenberg (1944) and Marquardt (1963), with the parameters that lie on
// a bound and want to leave it taken out of the step (Bertsekas, SIAM J Control Optim 1982;20:221). For a handful of
// parameters of order 1, a few dozen measurements, and millions of voxels: nothing is allocated.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace parotis::maps {

template <std::size_t P>
using Parameters = std::array<double, P>;

inline constexpr std::size_t kMostMeasurements = 64;  // of one voxel

template <std::size_t P>
struct Bounds {
  Parameters<P> low;
  Parameters<P> high;
};

template <std::size_t P>
struct Solution {
  Parameters<P> parameters{};
  double sum_of_squares = 0;
};

// Solves A x = rhs for a symmetric positive definite A (lower triangle) by Cholesky's method; false when it is not.
template <std::size_t P>
bool SolveSymmetric(std::array<Parameters<P>, P> a, Parameters<P>& rhs) {
  for (std::size_t i = 0; i < P; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[i][k] * a[j][k];
      if (i == j && !(sum > 0)) return false;
      a[i][j] = i == j ? std::sqrt(sum) : sum / a[j][j];
    }
  }
  for (std::size_t i = 0; i < P; ++i) {
    for (std::size_t k = 0; k < i; ++k) rhs[i] -= a[i][k] * rhs[k];
    rhs[i] /= a[i][i];
  }
  for (std::size_t i = P; i-- > 0;) {
    for (std::size_t k = i + 1; k < P; ++k) rhs[i] -= a[k][i] * rhs[k];
    rhs[i] /= a[i][i];
  }
  return true;
}

// Normal equations of a model at one place.
template <std::size_t P>
struct NormalEquations {
  std::array<Parameters<P>, P> hessian{};  // lower triangle of JᵀJ
  Parameters<P> descent{};                 // Jᵀ(measured − predicted)
  double sum_of_squares = 0;
};

// `model(parameters, n, gradient)` gives the prediction of measurement n, and its derivatives into `gradient`.
template <std::size_t P, class Model>
NormalEquations<P> NormalEquationsAt(const Model& model, std::span<const double> measured, const Parameters<P>& at) {
  NormalEquations<P> equations;
  Parameters<P> gradient{};
  for (std::size_t n = 0; n < measured.size(); ++n) {
    const double difference = measured[n] - model(at, n, gradient);
    equations.sum_of_squares += difference * difference;
    for (std::size_t i = 0; i < P; ++i) {
      equations.descent[i] += gradient[i] * difference;
      for (std::size_t j = 0; j <= i; ++j) equations.hessian[i][j] += gradient[i] * gradient[j];
    }
  }
  return equations;
}

// The damped step; parameters on a bound that would leave it stay. Zero when the equations cannot be solved.
template <std::size_t P>
Parameters<P> DampedStep(const NormalEquations<P>& equations, const Parameters<P>& at, const Bounds<P>& bounds,
                         double damping) {
  auto hessian = equations.hessian;
  Parameters<P> step = equations.descent;
  for (std::size_t i = 0; i < P; ++i) {
    const bool held = bounds.low[i] == bounds.high[i] || (at[i] <= bounds.low[i] && step[i] < 0) ||
                      (at[i] >= bounds.high[i] && step[i] > 0);
    hessian[i][i] += damping * hessian[i][i] + 1e-14;
    if (!held) continue;
    for (std::size_t j = 0; j < P; ++j) hessian[std::max(i, j)][std::min(i, j)] = 0;
    hessian[i][i] = 1;
    step[i] = 0;
  }
  if (!SolveSymmetric<P>(hessian, step)) return {};
  return step;
}

// From `start`, which is clamped into the bounds. Ends when a step gains less than `tolerance` of the sum of squares,
// or after `most_steps`. Measurements of order 1.
template <std::size_t P, class Model>
Solution<P> FitWithin(const Model& model, std::span<const double> measured, const Parameters<P>& start,
                      const Bounds<P>& bounds, double tolerance = 1e-7, int most_steps = 60) {
  const auto clamped = [&](Parameters<P> values) {
    for (std::size_t i = 0; i < P; ++i) values[i] = std::clamp(values[i], bounds.low[i], bounds.high[i]);
    return values;
  };
  Parameters<P> at = clamped(start);
  auto equations = NormalEquationsAt<P>(model, measured, at);
  double damping = 1e-3;
  int small_gains = 0;
  for (int step = 0; step < most_steps && damping < 1e8 && equations.sum_of_squares > 1e-24; ++step) {
    const Parameters<P> move = DampedStep<P>(equations, at, bounds, damping);
    Parameters<P> next = at;
    for (std::size_t i = 0; i < P; ++i) next[i] += move[i];
    next = clamped(next);
    if (next == at) break;
    const auto there = NormalEquationsAt<P>(model, measured, next);
    if (!(there.sum_of_squares < equations.sum_of_squares)) {
      damping *= 8;
      continue;
    }
    const double gain = 1 - there.sum_of_squares / equations.sum_of_squares;
    at = next;
    equations = there;
    damping = std::max(damping / 10, 1e-9);
    small_gains = gain < tolerance ? small_gains + 1 : 0;
    if (small_gains == 2) break;
  }
  return {at, equations.sum_of_squares};
}

}  // namespace parotis::maps
