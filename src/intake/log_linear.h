// Mono-exponential decay, ln S = ln S0 − b · ADC, fitted to the measurements of one voxel.
#pragma once

#include <span>

namespace parotis::intake {

struct Decay {
  double log_s0 = 0;
  double adc_mm2_s = 0;
};

// Every logarithm counts the same: what scanners' maps are made of. At least two different b-values.
Decay FitOrdinary(std::span<const double> b_s_mm2, std::span<const double> log_signal);

// Weighted by the squared signal, as noise of constant size in S has the variance (σ/S)² in ln S; the weights are taken
// from the measurements first, then from the signal that the fit predicts (Salvador et al., Hum Brain Mapp 2005;24:144;
// Veraart et al., NeuroImage 2013;81:335). Equal to the ordinary fit with two b-values or an exact decay.
Decay FitWeighted(std::span<const double> b_s_mm2, std::span<const double> log_signal);

// Root mean square of S − S0 · exp(−b · ADC), as a share of S0. 0 with two measurements, which any decay fits.
double RelativeResidual(const Decay& decay, std::span<const double> b_s_mm2, std::span<const double> log_signal);

}  // namespace parotis::intake
