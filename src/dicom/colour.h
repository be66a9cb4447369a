// Colour models other than RGB, turned into RGB (PS3.3 C.7.6.3.1.2).
#pragma once

#include <string>
#include <vector>

namespace parotis::dicom {

// True for the luminance-chrominance models that YbrToRgb knows.
bool IsYbr(const std::string& colour_model);

// `values`: [3, pixels] of `bits` bits each, replaced by red, green and blue, rounded and held within those bits.
// Models whose transformation is part of the compression (YBR_ICT, YBR_RCT) are undone by its decoder and left alone
// here.
void YbrToRgb(const std::string& colour_model, int bits, std::vector<double>& values);

}  // namespace parotis::dicom
