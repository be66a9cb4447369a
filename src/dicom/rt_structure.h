// RT structure sets (PS3.3 A.19): closed planar contours in world millimetres.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/conditions.h"
#include "dicom/outline_object.h"
#include "image/geometry.h"

namespace parotis::dicom {

struct Contour {
  std::vector<image::Vector3> points_world;  // at least three; the last is joined to the first
  double slab_thickness_mm = 0;              // ContourSlabThickness; 0 when it is not written
};

struct RegionOfInterest {
  int number = 0;
  std::string name;
  std::vector<std::string> codes;      // RTROIIdentificationCodeSequence: "SCT:108369006"
  std::string frame_of_reference_uid;  // its own, else the object's
  std::vector<Contour> contours;
};

struct StructureSet {
  OutlineObject object;
  std::vector<RegionOfInterest> regions;  // in the order of StructureSetROISequence
  std::vector<base::Finding> findings;    // contour_not_closed: points and open lines were left out
};

// Throws kRefused truth_unreadable: no structure set, damaged, contours that are no points.
StructureSet ReadStructureSet(const std::filesystem::path& path);

}  // namespace parotis::dicom
