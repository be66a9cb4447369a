// How bright air is in diffusion-weighted images.
#pragma once

#include "image/volume.h"

namespace parotis::maps {

// Lower median, over the corners that show air, of their mean at the highest b-value; 0 when none does. Air is dark,
// and unlike tissue it does not fade as b grows: a picture that tissue fills to the corners has no noise floor.
double NoiseFloor(const image::Volume& lowest_b, const image::Volume& highest_b);

// Above it kurtosis bends the decay: b-values up to here make an ADC and show how bright air is.
inline constexpr double kHighestMonoExponentialB_s_mm2 = 1500;

// Mean of a magnitude image without signal, in standard deviations of the noise in each of its two channels: √(π/2).
inline constexpr double kAirShows = 1.2533;

}  // namespace parotis::maps
