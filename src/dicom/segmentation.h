// DICOM segmentations: BINARY, FRACTIONAL (PS3.3 A.51) and LABELMAP (A.86). Frames may come in any order, and frames
// without any voxel of a segment may be missing; every orientation is read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "dicom/outline_object.h"
#include "image/volume.h"

namespace parotis::dicom {

// `count` voxels in memory order from voxel `first` on.
struct VoxelRun {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

struct Segment {
  int number = 0;
  std::string label;               // SegmentLabel
  std::vector<std::string> codes;  // property type, then its modifiers: "SCT:108369006"
  std::vector<VoxelRun> runs;      // ascending, disjoint
};

struct Segmentation {
  OutlineObject object;
  image::Geometry geometry;       // k along the normal of the frames; absent frames are empty slices
  std::vector<Segment> segments;  // by number; without the background of a label map
};

// A fractional voxel belongs to a segment from half of MaximumFractionalValue on. The slice spacing is
// SpacingBetweenSlices when the frames lie at multiples of it, else the smallest distance of two frames. A value of a
// label map that no segment describes makes a segment with that number and no label; padding is background. Throws
// kInput, kRefused with the conditions of base/conditions.h: no place in the patient, frames that are no stack, pixels
// that are missing or cannot be decoded.
Segmentation ReadSegmentation(const std::filesystem::path& path);

// 1 inside the segment, on the segmentation's grid.
image::LabelVolume MaskOf(const Segmentation& segmentation, const Segment& segment);

}  // namespace parotis::dicom
