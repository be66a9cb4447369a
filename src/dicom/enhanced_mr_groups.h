// The functional groups of enhanced MR objects (PS3.3 C.7.6.16.2 and C.8.13.5). Private to this folder.
#pragma once

#include <cstdint>
#include <vector>

#include "dicom/mr_objects.h"

class DcmItem;

namespace parotis::dicom {

double DurationSeconds(const MrSeries& series, const std::vector<MrVolume>& volumes);

// Common MR image description (PS3.3 C.8.13.3), for the object and for each frame.
void PutImageDescription(DcmItem& item, const MrSeries& series, const MrVolume& volume);

// What all frames share, `volume` being one of them.
void PutSharedGroups(DcmItem& groups, const MrStudy& study, const MrSeries& series, const MrVolume& volume);

struct Frame {
  const MrStudy& study;
  const MrSeries& series;
  const MrVolume& volume;
  const Window& window;
  std::int64_t slice = 0;
  std::vector<int> dimension_index;
};
void PutFrameGroups(DcmItem& groups, const Frame& frame);

}  // namespace parotis::dicom
