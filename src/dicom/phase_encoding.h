// Along which image axis phase was encoded: echo-planar images are distorted along it.
#pragma once

#include <optional>
#include <string>

#include "dicom/frame_items.h"
#include "dicom/series.h"

namespace parotis::dicom {

// InPlanePhaseEncodingDirection (0018,1312), in the MR FOV/Geometry macro (PS3.3 C.8.13.5.3) or the dataset: ROW is
// index axis 0, COL or COLUMN axis 1; anything else (radial, propeller) is absent. Its polarity is no part of the
// standard: Siemens keeps it in the CSA header's PhaseEncodingDirectionPositive or in (0021,xx1c), GE in (0018,9034).
std::optional<PhaseEncoding> ReadPhaseEncoding(const FrameItems& items);

}  // namespace parotis::dicom
