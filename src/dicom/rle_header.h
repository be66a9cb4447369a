// The header of a run-length frame (PS3.5 G.5), checked before DCMTK follows its offsets: its decoder trusts them.
#pragma once

#include <cstddef>
#include <span>

namespace parotis::dicom {

// True when the frame has `segments` segments and each starts behind the one before, within the frame.
bool RleSegmentsFit(std::span<const std::byte> frame, int segments);

}  // namespace parotis::dicom
