// One frame's attributes, whether the file is a classic single-frame image (all in the dataset) or an enhanced
// multi-frame one (functional groups, PS3.3 C.7.6.16: per frame before shared). Readers then need not know which.
#pragma once

#include "dicom/attributes.h"

namespace parotis::dicom {

struct FrameItems {
  DcmItem* dataset = nullptr;
  DcmItem* shared = nullptr;     // null in classic files
  DcmItem* per_frame = nullptr;  // null in classic files

  // The first item of functional group `group`, else null.
  DcmItem* Group(const Tag& group) const {
    if (DcmItem* own = SequenceItem(per_frame, group)) return own;
    return SequenceItem(shared, group);
  }
  // The item that holds `attribute`: functional group `group`, else the dataset (which may lack it too).
  DcmItem& With(const Tag& group, const Tag& attribute) const {
    for (DcmItem* groups : {per_frame, shared}) {
      DcmItem* item = SequenceItem(groups, group);
      if (item != nullptr && Has(*item, attribute)) return *item;
    }
    return *dataset;
  }
};

}  // namespace parotis::dicom
