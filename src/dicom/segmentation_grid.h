// The grid on which the frames of a segmentation lie. Private to dicom/segmentation.cc.
#pragma once

#include <string>
#include <vector>

#include "dicom/frame_items.h"
#include "image/geometry.h"

namespace parotis::dicom {

struct FrameStack {
  image::Geometry geometry;
  std::vector<std::int64_t> slices;  // [frame]: its slice
};

// Frames may be in any order, share a slice, and leave slices out. Throws kRefused: position_missing,
// laterality_unknown, orientation_invalid, slices_irregular, slices_shifted; kInput for an impossible grid.
FrameStack StackOf(const std::vector<FrameItems>& frames, const std::string& name);

}  // namespace parotis::dicom
