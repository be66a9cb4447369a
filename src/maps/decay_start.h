// Where the fit of one voxel's decay begins: good enough that only one minimum is near.
#pragma once

#include <span>

#include "maps/decay_models.h"

namespace parotis::maps {

// The slow part at b ≥ 0.2 ms/µm², from the logarithm of the signal weighted by its square: noise of constant size in S
// has the variance (σ/S)² in ln S.
inline bool IsSlow(double b_ms_um2) { return b_ms_um2 > 0.2 * (1 - 1e-9); }

struct SlowPart {
  double s0 = 0;
  double d = 0;   // µm²/ms
  double dk = 0;  // D·K, 0 without kurtosis
};

// Signals at or below twice `sigma` are left out while enough others remain.
SlowPart StartOfSlowPart(std::span<const double> b, std::span<const double> signal, double sigma, bool with_kurtosis);

struct FastPart {
  double s0 = 0;  // of both parts
  double f = 0;
  double dstar = 0;  // µm²/ms
};

// D* from a list, with the amplitudes of both parts solved for: the one with the smallest sum of squares.
FastPart StartOfFastPart(std::span<const double> b, std::span<const double> signal, const SlowPart& slow);

}  // namespace parotis::maps
