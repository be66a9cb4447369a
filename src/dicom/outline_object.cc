#include "dicom/outline_object.h"

#include "dicom/attributes.h"
#include "dicom/outline_tags.h"

namespace parotis::dicom {

// PS3.4 B.5; Label Map Segmentation Storage since 2024.
bool IsSegmentation(const std::string& sop_class_uid) {
  return sop_class_uid == "1.2.840.10008.5.1.4.1.1.66.4" || sop_class_uid == "1.2.840.10008.5.1.4.1.1.66.7";
}

bool IsStructureSet(const std::string& sop_class_uid) { return sop_class_uid == "1.2.840.10008.5.1.4.1.1.481.3"; }

std::vector<std::string> CodedTerms(DcmItem* item, const Tag& sequence) {
  std::vector<std::string> terms;
  if (item == nullptr) return terms;
  for (DcmItem* coded : SequenceItems(*item, sequence)) {
    const std::string scheme = Code(*coded, tag::kCodingScheme);
    const std::string value = Code(*coded, tag::kCodeValue);
    if (!scheme.empty() && !value.empty()) terms.push_back(scheme + ":" + value);
  }
  return terms;
}

}  // namespace parotis::dicom
