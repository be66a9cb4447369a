// How the signal of one voxel falls with the b-value, with derivatives, in units in which everything is of order 1:
// b in ms/µm² (1000 s/mm²), diffusivities in µm²/ms (10⁻³ mm²/s), signals as shares of the voxel's own.
#pragma once

#include <cmath>
#include <span>

#include "maps/least_squares.h"
#include "maps/rician.h"

namespace parotis::maps {

// The magnitude that a signal shows on average, and by how much it rises with it.
inline double Magnitude(double signal, double sigma, double& slope) {
  slope = 1;
  if (sigma <= 0) return signal;
  const RicianMean rice = MeanOfRice(signal / sigma);
  slope = rice.slope;
  return sigma * rice.mean;
}

// S₀ e^(−b D + b² D² K / 6): Jensen et al., Magn Reson Med 2005;53:1432. Parameters: S₀, D, D·K; in D·K the model is
// monotonic up to b exactly where D·K ≤ 3/b, a plain bound.
struct KurtosisModel {
  std::span<const double> b;
  double sigma = 0;

  double operator()(const Parameters<3>& p, std::size_t n, Parameters<3>& gradient) const {
    const double bend = b[n] * b[n] / 6;
    const double decay = std::exp(p[1] * (bend * p[2] - b[n]));
    double slope = 1;
    const double magnitude = Magnitude(p[0] * decay, sigma, slope);
    const double scale = slope * p[0] * decay;
    gradient = {slope * decay, scale * (bend * p[2] - b[n]), scale * p[1] * bend};
    return magnitude;
  }
};

// With blood that moves, S₀ (f e^(−b D*) + (1 − f) e^(−b D + b² D² K / 6)): Le Bihan et al., Radiology 1988;168:497,
// where K = 0. Parameters: S₀, f, D, D*, D·K.
struct IvimKurtosisModel {
  std::span<const double> b;
  double sigma = 0;

  double operator()(const Parameters<5>& p, std::size_t n, Parameters<5>& gradient) const {
    const double bend = b[n] * b[n] / 6;
    const double slow = std::exp(p[2] * (bend * p[4] - b[n]));
    const double fast = std::exp(-b[n] * p[3]);
    const double decay = p[1] * fast + (1 - p[1]) * slow;
    double slope = 1;
    const double magnitude = Magnitude(p[0] * decay, sigma, slope);
    const double scale = slope * p[0] * (1 - p[1]) * slow;
    gradient = {slope * decay, slope * p[0] * (fast - slow), scale * (bend * p[4] - b[n]),
                -slope * p[0] * p[1] * b[n] * fast, scale * p[2] * bend};
    return magnitude;
  }
};

}  // namespace parotis::maps
