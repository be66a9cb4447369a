#include "maps/decay_start.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace parotis::maps {
namespace {

constexpr double kUsualD = 1;  // µm²/ms, where nothing better can be had
constexpr double kUsualDk = 0.8;
constexpr std::array<double, 6> kTriedDstar = {6, 12, 25, 50, 100, 180};

// Weighted least squares of ln S on 1, −b and, with P = 3, b²/6; the measurements above `least_signal`.
template <std::size_t P>
bool FitLogarithm(std::span<const double> b, std::span<const double> signal, double least_signal, Parameters<P>& x) {
  std::array<Parameters<P>, P> a{};
  x = {};
  std::size_t used = 0;
  for (std::size_t n = 0; n < b.size(); ++n) {
    if (!IsSlow(b[n]) || signal[n] <= least_signal) continue;
    ++used;
    const std::array<double, 3> terms = {1, -b[n], b[n] * b[n] / 6};
    const double weight = signal[n] * signal[n];
    for (std::size_t i = 0; i < P; ++i) {
      x[i] += weight * terms[i] * std::log(signal[n]);
      for (std::size_t j = 0; j <= i; ++j) a[i][j] += weight * terms[i] * terms[j];
    }
  }
  return used >= P && SolveSymmetric<P>(a, x);
}

}  // namespace

SlowPart StartOfSlowPart(std::span<const double> b, std::span<const double> signal, double sigma, bool with_kurtosis) {
  for (const double least : {2 * sigma, 0.0}) {
    Parameters<3> bent{};
    if (with_kurtosis && FitLogarithm<3>(b, signal, least, bent) && bent[1] > 0.05)
      return {std::exp(bent[0]), bent[1], std::max(0.0, bent[2] / bent[1])};
    Parameters<2> straight{};
    if (FitLogarithm<2>(b, signal, least, straight) && straight[1] > 0)
      return {std::exp(straight[0]), straight[1], with_kurtosis ? kUsualDk * straight[1] : 0};
  }
  return {signal.front(), kUsualD, with_kurtosis ? kUsualDk : 0};
}

FastPart StartOfFastPart(std::span<const double> b, std::span<const double> signal, const SlowPart& slow) {
  std::array<double, kMostMeasurements> slow_decay;
  double ss = 0;
  double sy = 0;
  double yy = 0;
  for (std::size_t n = 0; n < b.size(); ++n) {
    slow_decay[n] = std::exp(slow.d * (b[n] * b[n] / 6 * slow.dk - b[n]));
    ss += slow_decay[n] * slow_decay[n];
    sy += slow_decay[n] * signal[n];
    yy += signal[n] * signal[n];
  }
  FastPart best{sy / ss, 0.02, 20};
  double least = yy - sy * sy / ss;
  for (const double dstar : kTriedDstar) {
    double ff = 0;
    double fs = 0;
    double fy = 0;
    for (std::size_t n = 0; n < b.size(); ++n) {
      const double fast = std::exp(-b[n] * dstar);
      ff += fast * fast;
      fs += fast * slow_decay[n];
      fy += fast * signal[n];
    }
    const double determinant = ff * ss - fs * fs;
    if (!(determinant > 1e-12)) continue;
    const double of_fast = (fy * ss - sy * fs) / determinant;
    const double of_slow = (sy * ff - fy * fs) / determinant;
    const double sum_of_squares = yy - of_fast * fy - of_slow * sy;
    if (of_fast <= 0 || of_slow <= 0 || sum_of_squares >= least) continue;
    least = sum_of_squares;
    best = {of_fast + of_slow, of_fast / (of_fast + of_slow), dstar};
  }
  return best;
}

}  // namespace parotis::maps
