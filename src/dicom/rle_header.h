// The header of a run-length frame (PS3.5 G.5), checked before DCMTK follows its offsets: its decoder trusts them.
#pragma once

#include <cstddef>
#include <span>

namespace parotis::dicom {

// True when the frame has `segments` segments, each behind the one before, within the frame, and long enough for a run:
// DCMTK repeats the last byte of a segment that is too short, and looks for it before the first when there is none.
bool RleSegmentsFit(std::span<const std::byte> frame, int segments);

}  // namespace parotis::dicom
