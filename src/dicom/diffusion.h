// What a header says about diffusion weighting, across standard attributes and five vendors' private ones. b = 0 and
// "no b-value" are different answers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dicom/frame_items.h"
#include "image/geometry.h"

namespace parotis::dicom {

struct Diffusion {
  std::optional<double> b_value_s_mm2;
  std::string b_value_source;
  std::optional<image::Vector3> gradient_world;  // only from attributes defined in the patient's frame
  std::string direction_key;
  bool trace = false;
  bool evidence = false;  // something besides a b-value of zero says that this is a diffusion image
};

Diffusion ReadDiffusion(const FrameItems& items, const std::string& manufacturer);

// GE adds 10⁹ to the b-value of multi-b and synthetic images (0043,1039); the true value is below that.
double BValueFromGe(double stored);
// "*ep_b400t" → 400, "ep_b1000#12" → 1000, "*ep_b0" → 0; absent for ranges ("*ep_b50_800") and everything else.
std::optional<double> BValueFromSequenceName(const std::string& name);

}  // namespace parotis::dicom
