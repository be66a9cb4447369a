// What a header says about diffusion weighting, across standard attributes and the vendors' private ones: the judge of
// all claims (dicom/diffusion_claims.h). b = 0 and "no b-value" are different answers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/conditions.h"
#include "dicom/diffusion_claims.h"
#include "dicom/frame_items.h"

namespace parotis::dicom {

struct Diffusion {
  std::optional<double> b_value_s_mm2;
  std::string b_value_source;
  std::optional<image::Vector3> gradient_world;  // unit vector in LPS
  std::string direction_key;                     // equal for images of one direction, whatever its frame
  bool trace = false;
  bool evidence = false;             // something besides a b-value of zero says that this is a diffusion image
  std::string calculated;            // what says that nobody measured this b-value; "" for a measured image
  base::Finding problem;             // b_value_contradictory
  std::vector<base::Finding> flags;  // gradient_direction_invalid
};

// All claims of one image.
DiffusionClaims ReadDiffusionClaims(const FrameItems& items);

// b-values: the most literal claim counts; claims taken literally (private and above) that differ by more than
// 5 s/mm² and 5 % are a contradiction. Directions: the first valid one counts, and only from b = 10 s/mm² on and in
// images that are no average.
Diffusion JudgeDiffusion(const DiffusionClaims& claims, const ImageAxes& axes);

Diffusion ReadDiffusion(const FrameItems& items);

}  // namespace parotis::dicom
