// Undoing the distortion of echo-planar images along their phase-encode axis. Off-resonance shifts signal along that
// one axis, and piles it up or draws it out (Jezzard and Balaban, MRM 1995). The shift is a smooth field: a cubic
// B-spline on a coarse grid, found by the mutual information of the corrected image, intensities included, with a
// structural reference (Kybic et al., IEEE TMI 2000; Studholme et al., IEEE TMI 2000).
#pragma once

#include <optional>
#include <string>

#include "align/align.h"

namespace parotis::align {

struct DistortionLimits {
  double shift_mm = 25;
  double stretch = 0.9;  // of the signal, either way: below −1 the image would fold over
};

struct Correction {
  Outcome outcome = Outcome::kUnchanged;
  std::optional<image::LineDisplacement> displacement;  // to use; absent unless applied
  double mean_shift_mm = 0;                             // absolute, over the reference's head, of what was proposed
  double largest_shift_mm = 0;                          // its 99th percentile
  Agreement before, after;
  std::string reason;  // a sentence without full stop
};

// `phase_axis`: index axis of `moving`, 0 or 1. The displacement is in the moving image's world and comes after
// `source_from_reference`. Judged as Align judges. Deterministic in its arguments.
Correction CorrectDistortion(const image::Volume& reference, const image::Volume& moving,
                             const image::AffineMap& source_from_reference, int phase_axis,
                             const DistortionLimits& limits = {}, std::uint64_t seed = 1);

// What CorrectDistortion judges.
image::LineDisplacement ProposeDisplacement(const image::Volume& reference, const image::Volume& moving,
                                            const image::AffineMap& source_from_reference, int phase_axis,
                                            std::uint64_t seed);

}  // namespace parotis::align
