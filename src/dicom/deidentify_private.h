// The Retain Safe Private Option (PS3.15 E.3.10) on one dataset. Private to this folder.
#pragma once

class DcmItem;

namespace parotis::dicom {

// What of `item`'s own private attributes (not its sequences') dicom/private_safe_list.h names and what holds what it
// says there stays, with its creators; Siemens' header is written anew. All others go.
void RemoveUnsafePrivate(DcmItem& item);

}  // namespace parotis::dicom
