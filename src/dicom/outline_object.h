// What a DICOM object that outlines structures (SEG, RT structure set) says about the images it was drawn on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dicom/tags.h"

class DcmItem;

namespace parotis::dicom {

struct OutlineObject {
  std::filesystem::path path;
  std::string study_uid;
  std::string frame_of_reference_uid;               // of what it outlines; "" when the object does not say
  std::vector<std::string> referenced_series_uids;  // the series it was drawn on
};

bool IsSegmentation(const std::string& sop_class_uid);  // SEG or label-map SEG
bool IsStructureSet(const std::string& sop_class_uid);

// "scheme:value" of every coded item in the sequence: "SCT:108369006". `item` may be null. Long code values and those
// without a scheme are left out.
std::vector<std::string> CodedTerms(DcmItem* item, const Tag& sequence);

}  // namespace parotis::dicom
