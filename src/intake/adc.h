// The apparent diffusion coefficient: fitted from diffusion-weighted volumes, or taken from the vendor's map once its
// unit is certain. Always in µm²/s (10⁻⁶ mm²/s).
#pragma once

#include <string>
#include <vector>

#include "image/volume.h"

namespace parotis::intake {

struct WeightedVolume {
  double b_value_s_mm2 = 0;
  std::string direction_key;  // volumes of one direction are repetitions of each other
  bool trace = false;
  image::Volume volume;
};

// One volume per distinct b-value (ascending), as it enters the fit: repetitions averaged arithmetically, directions
// geometrically (the trace-weighted image of Mori and van Zijl 1995); where the vendor averaged already, only its
// average.
std::vector<WeightedVolume> TraceWeighted(const std::vector<WeightedVolume>& volumes);

struct DiffusionFit {
  image::Volume adc_um2_s;             // of the ordinary fit: the one that is used
  image::Volume adc_weighted_um2_s;    // of the weighted fit, to see how much depends on the choice
  image::Volume s0;                    // signal at b = 0 by the ordinary fit
  image::Volume residual;              // root mean square of measured − fitted signal, as a share of S0
  std::vector<double> b_values_s_mm2;  // that entered the fit
  double noise_floor = 0;              // 0: none could be measured
  double fraction_at_noise_floor = 0;  // of the voxels inside the body, at the highest b-value
};

// Mono-exponential per voxel (intake/log_linear.h). b-values above 1500 s/mm² are left out while two others remain
// (kurtosis). A signal that is not positive is no measurement; one at or below the noise floor (mean of the volume's
// eight corners at the highest b-value, where there is only air) is left out while two others remain. A voxel with
// fewer than two measurements gets ADC 0 and the mean signal as S0; a negative ADC becomes 0. Throws kInput with fewer
// than two distinct b-values.
//
// The ordinary fit is used because vendors' maps are made that way, and because at few b-values the weighted one leans
// on the lowest, where perfusion adds to the decay: docs/adc.md has the figures.
DiffusionFit FitDiffusion(const std::vector<WeightedVolume>& trace_weighted);

// Voxels brighter than this in the unweighted image are body. Noise in the air extrapolates to anything: the brightest
// are clipped before Otsu's threshold is taken.
float BodyThreshold(const image::Volume& unweighted);

// S0 · exp(−b · ADC).
image::Volume SignalAt(const DiffusionFit& fit, double b_value_s_mm2);

}  // namespace parotis::intake
