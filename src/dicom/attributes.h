// Typed access to DCMTK's items without its headers. An attribute that is absent, empty or malformed is simply absent:
// the caller decides what that means. Nothing here throws.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "dicom/tags.h"

class DcmItem;

namespace parotis::dicom {

// Where the attribute of a private creator lies in this item; absent when the creator is not there.
std::optional<Tag> Resolve(DcmItem& item, const PrivateTag& tag);

bool Has(DcmItem& item, const Tag& tag);
// The raw bytes as text, untouched; empty when absent.
std::string RawText(DcmItem& item, const Tag& tag);
// The value's bytes in little-endian order, whatever its representation; empty when absent or not readable as bytes.
std::string Bytes(DcmItem& item, const Tag& tag);
// First value, trimmed and clean (dicom/text.h); for codes and UIDs.
std::string Code(DcmItem& item, const Tag& tag);
std::vector<std::string> Codes(DcmItem& item, const Tag& tag);
// Human text in the item's character set, as clean UTF-8.
std::string Text(DcmItem& item, const Tag& tag, const std::string& character_set);
// All numbers; empty when one of them is not a finite number.
std::vector<double> Numbers(DcmItem& item, const Tag& tag);
std::optional<double> Number(DcmItem& item, const Tag& tag);
// Absent unless it is a whole number that fits.
std::optional<int> Integer(DcmItem& item, const Tag& tag);
std::optional<std::array<double, 3>> Vector(DcmItem& item, const Tag& tag);

// First item of a sequence, null when there is none or `item` is null. Owned by `item`.
DcmItem* SequenceItem(DcmItem* item, const Tag& tag);
std::vector<DcmItem*> SequenceItems(DcmItem& item, const Tag& tag);

// The same for private attributes.
std::string Code(DcmItem& item, const PrivateTag& tag);
std::vector<double> Numbers(DcmItem& item, const PrivateTag& tag);
std::optional<double> Number(DcmItem& item, const PrivateTag& tag);
std::optional<std::array<double, 3>> Vector(DcmItem& item, const PrivateTag& tag);

}  // namespace parotis::dicom
