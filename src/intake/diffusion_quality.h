// Whether diffusion images are good enough to judge by: quantities measured in the images themselves, and the limits
// beyond which they are doubtful or unusable. docs/adc.md says how the limits were set and how often they are right.
#pragma once

#include <optional>
#include <vector>

#include "base/conditions.h"
#include "intake/adc.h"

namespace parotis::intake {

struct DiffusionQuality {
  // Median signal of the body at the highest b-value over the standard deviation of noise there, which is the median
  // absolute second difference in both directions of the plane (Immerkaer, Comput Vis Image Underst 1996;64:300) and
  // thus needs no air.
  double signal_to_noise = 0;
  // Mean signal in the air where the body would lie if it were moved by half the field of view along rows or columns
  // (N/2 ghosts of echo-planar imaging), less that of the other air, as a share of the body's median; the larger of the
  // two.
  double ghost = 0;
  // Share of the slices whose mean signal falls below 0.6 of both neighbourhoods of three slices, or whose decay from
  // the lowest to the highest b-value leaves less than 0.4 of what it leaves in the median slice.
  double lost_slices = 0;
  // Share of the body where the signal rises with the b-value.
  double rising = 0;
  // Displacement of the highest b-value's image against the lowest's (intake/block_shift.h).
  double shift_between_b_mm = 0;
  // Share of the blocks that lie more than 5 mm away from where the structural reference shows them; absent without a
  // reference or with fewer than ten blocks.
  std::optional<double> displaced;
  // Median over the body of the fit's residual, as a share of S0; 0 with two b-values, which any decay fits.
  double residual = 0;
};

// `lowest` and `highest` b-value of the fit, on its grid. `reference`: the T2-weighted image on any grid, or null.
DiffusionQuality MeasureQuality(const image::Volume& lowest, const image::Volume& highest, const DiffusionFit& fit,
                                const image::Volume* reference);

// diffusion_unusable or diffusion_doubtful, naming every quantity beyond its limit; empty when all is well.
base::Finding JudgeQuality(const DiffusionQuality& quality);

}  // namespace parotis::intake
