// Where syngo MR XA keeps the private attributes of one image (creator "SIEMENS MR SDI 02"): in a sequence within the
// frame's functional groups, or in the dataset of a classic image.
#pragma once

#include "dicom/frame_items.h"

namespace parotis::dicom {

// Null when there are none.
inline DcmItem* SiemensSdiItem(const FrameItems& items) {
  for (DcmItem* holder : {items.per_frame, items.shared, items.dataset}) {
    if (holder == nullptr) continue;
    const auto sequence = Resolve(*holder, tag::kSiemensSdiSequence);
    if (!sequence) continue;
    DcmItem* nested = SequenceItem(holder, *sequence);
    return nested != nullptr ? nested : holder;
  }
  return nullptr;
}

}  // namespace parotis::dicom
