// Philips' floating-point signal. A Philips scanner scales every image to its integers anew; the rescaled ("displayed")
// value DV = RS · stored + RI is made for display, and what compares between images is FP = DV / (RS · SS), with RS the
// rescale slope (0028,1053) and SS the scale slope (2005,xx0e) of creator "Philips MR Imaging DD 001"
// (T. Chenevert et al., Errors in quantitative image analysis due to platform-dependent image scaling, Transl Oncol
// 2014;7:65-71).
#pragma once

#include <optional>
#include <vector>

#include "dicom/frame_items.h"
#include "dicom/header.h"

namespace parotis::dicom {

// RS · SS of a magnitude image without a unit; absent for maps with a unit (ADC), phase, real and imaginary images,
// whose displayed values are the ones that mean something, and for every other vendor.
std::optional<double> PhilipsScale(const FrameItems& items, const PlaneHeader& plane);

// Turns slopes and intercepts of the magnitude images of one series into those of FP when all of them can be; where
// one cannot, all stay displayed values, so that the two are never mixed.
void UseFloatingPointSignal(std::vector<PlaneHeader>& planes);

}  // namespace parotis::dicom
