// What somebody outlined, from whatever file: NIfTI, NRRD and 3D Slicer's .seg.nrrd, DICOM SEG, RT structure sets.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/conditions.h"
#include "image/volume.h"

namespace parotis::intake {

// A structure on the grid of a case.
struct DrawnOutline {
  image::LabelVolume mask;  // 1 inside
  bool empty = false;       // nothing was outlined in the file either
  double part_outside = 0;  // of what was outlined: beyond the grid, 0 … 1
};

struct Outline {
  std::string name;                // "GTV"; the value ("1") in label images without names
  std::vector<std::string> codes;  // what it is, coded: "SCT:108369006"
  // Absent where the format has none and positions are all there is; "" where the file does not say.
  std::optional<std::string> frame_of_reference_uid;
  // Nearest neighbour by world position; throws kRefused with a condition.
  std::function<DrawnOutline(const image::Geometry& grid)> draw;
};

struct OutlineFile {
  std::filesystem::path path;
  std::vector<Outline> outlines;
  std::vector<base::Finding> findings;  // flags
};

// By the name's ending for .nii, .nii.gz, .nrrd and .nhdr, by content for DICOM. Throws kRefused truth_unreadable, or
// the condition that says what is wrong.
OutlineFile ReadOutlines(const std::filesystem::path& path);

}  // namespace parotis::intake
