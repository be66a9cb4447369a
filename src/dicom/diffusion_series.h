// What only all images of a series together tell about their diffusion weighting.
#pragma once

#include <string>
#include <vector>

#include "dicom/header.h"

namespace parotis::dicom {

// Names of ImageType's values (PS3.3 C.8.13.3.1, and vendors' own) for maps made of diffusion images; "" for none.
std::string AdcTypeIn(const std::vector<std::string>& image_type);
std::string OtherMapTypeIn(const std::vector<std::string>& image_type);

// Takes away zeros that mean nothing: b = 0 in every image and no other sign of diffusion. Gives b = 0 to images of
// Toshiba and Canon that have no b-value beside others that have one: those scanners write none for b = 0. Flags what
// is left without (b_value_missing), maps excepted.
void SettleDiffusion(std::vector<PlaneHeader>& planes, const std::string& manufacturer);

}  // namespace parotis::dicom
