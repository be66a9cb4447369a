// Maps of how the diffusion-weighted signal falls: perfusion (IVIM), kurtosis, or both at once. Pure functions on
// volumes of one grid; the same bits on any number of threads.
//
// Every voxel: the slow part from b ≥ 200 s/mm² (a weighted line or parabola through ln S, then bounded non-linear
// least squares on the signal itself), then the fast one (D* from a short list with amplitudes solved for, then least
// squares). Where `sigma` is known the prediction is the mean of Rice's distribution, so that measurements at the noise
// floor neither bias the fit nor have to be left out. docs/maps.md has the requirements, the limits and the measured
// accuracy.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "image/volume.h"

namespace parotis::maps {

struct DecayOptions {
  // Standard deviation of the noise in each of the two channels of a magnitude image, in the volumes' unit; 0: unknown,
  // noise is taken for small.
  double sigma = 0;
  // D and K are those of b ≥ 200 s/mm² alone, and only f, D* and S₀ are fitted to the rest. False: all at once, which
  // is
  // efficient where the noise is very small, and runs into the wrong valley (D* near D, f far too high) where it is
  // not.
  bool hold_slow_part = true;
  const image::LabelVolume* mask = nullptr;  // fitted where it is not 0; null: everywhere
  int threads = 0;                           // 0: all
};

// A voxel that is not fitted is 0 in every map: outside the mask, a value that is not finite, no signal at the lowest
// b-value, or (with sigma) one below three times what air shows. Maps that the model does not have are empty.
struct DecayMaps {
  image::Volume s0;                    // signal at b = 0, in the volumes' unit
  image::Volume d_um2_s;               // 0 … 3500
  image::Volume kurtosis;              // K, without unit, 0 … 3
  image::Volume perfusion;             // f, a fraction, 0 … 0.6
  image::Volume dstar_um2_s;           // D*, 4000 … 120000; 0 where f is below 0.01, for nothing can be seen of it
  image::Volume residual;              // root mean square of measured − predicted, as a share of S₀
  image::LabelVolume fitted;           // 1 where the fit was possible
  std::vector<double> b_values_s_mm2;  // that entered
};

// Below this the signal of blood that moves is part of the decay (Le Bihan et al., Radiology 1988;168:497).
inline constexpr double kPerfusionBelow_s_mm2 = 200;
// Without kurtosis in the model, higher ones would be taken for perfusion.
inline constexpr double kHighestIvimB_s_mm2 = 1000;
inline constexpr double kLeastKurtosisB_s_mm2 = 1500;    // the highest has to be this at least, for the bend to show
inline constexpr double kHighestKurtosisB_s_mm2 = 2500;  // beyond, the series in b breaks off too early

// What these b-values lack for a map, as the second half of a sentence ("needs …"); "" when they suffice. b-values that
// are equal within 2 s/mm² or 2 % count once.
std::string IvimNeeds(std::span<const double> b_values_s_mm2);          // b ≤ 10, two below 200, two in 200 … 1000
std::string KurtosisNeeds(std::span<const double> b_values_s_mm2);      // three in 200 … 2500, the highest ≥ 1500
std::string IvimKurtosisNeeds(std::span<const double> b_values_s_mm2);  // b ≤ 10, two below 200, and kurtosis' own

// volumes[n] was measured at b_values_s_mm2[n]; any order. Throws kInput when the b-values do not suffice, when their
// number is not that of the volumes or above 64, when one is negative or not finite, or when grids differ.
//
// S₀ (f e^(−b D*) + (1 − f) e^(−b D)), b up to 1000 s/mm².
DecayMaps FitIvim(const std::vector<const image::Volume*>& volumes, std::span<const double> b_values_s_mm2,
                  const DecayOptions& options = {});
// S₀ e^(−b D + (b D)² K / 6), b from 200 to 2500 s/mm² (Jensen et al., Magn Reson Med 2005;53:1432), monotonic up to
// the highest: b < 3 / (D K). S₀ is that of the slow part.
DecayMaps FitKurtosis(const std::vector<const image::Volume*>& volumes, std::span<const double> b_values_s_mm2,
                      const DecayOptions& options = {});
// S₀ (f e^(−b D*) + (1 − f) e^(−b D + (b D)² K / 6)), b up to 2500 s/mm².
DecayMaps FitIvimKurtosis(const std::vector<const image::Volume*>& volumes, std::span<const double> b_values_s_mm2,
                          const DecayOptions& options = {});

}  // namespace parotis::maps
