// When an image was acquired, by every attribute that may say so. None of them is believed here: which of them tells
// the frames of a dynamic series apart differs between vendors, and only the whole series shows it
// (intake/frame_times.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dicom/frame_items.h"
#include "dicom/series.h"

namespace parotis::dicom {

// "101530.25" → 36930.25, seconds since midnight; also the older "10:15:30" (TM, PS3.5 6.2). Absent for anything else.
std::optional<double> SecondsOfDay(const std::string& time);

FrameTimes ReadFrameTimes(const FrameItems& items);

// Of a volume whose slices were acquired at these times: the earliest by each attribute, if all of them have it.
FrameTimes EarliestOf(const std::vector<const FrameTimes*>& slices);

}  // namespace parotis::dicom
