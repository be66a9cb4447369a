#include "dicom/deidentify_private.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "dicom/attributes.h"
#include "dicom/csa.h"
#include "dicom/element_bytes.h"
#include "dicom/private_safe_list.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

bool HoldsNumbers(DcmElement& element) {
  switch (element.ident()) {
    case EVR_FD:
    case EVR_FL:
    case EVR_US:
    case EVR_SS:
    case EVR_UL:
    case EVR_SL: return true;
    default: break;
  }
  const std::string bytes = BytesOf(element);
  if (bytes.empty()) return false;
  const bool text = std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return std::string_view("0123456789.+-eE\\ \0", 18).find(c) != std::string_view::npos;
  });
  if (text) return true;
  // Opaque numbers of 2 to 8 bytes each: not what reads as words.
  const auto letters = std::count_if(bytes.begin(), bytes.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
  return IsOpaque(element) && bytes.size() <= 256 && bytes.size() % 2 == 0 &&
         2 * letters <= static_cast<std::ptrdiff_t>(bytes.size());
}

bool HoldsDirectionCode(DcmElement& element) {
  static const std::set<std::string> kCodes = {"DIRECTIONAL", "BMATRIX", "ISOTROPIC", "NONE", "I", "S", "P",
                                               "A",           "L",       "R",         "O",    "M", ""};
  return kCodes.contains(CleanText(BytesOf(element)));
}

bool KeepPrivate(DcmItem& item, const DcmTagKey& tag, const std::string& creator) {
  const auto kind = SafeKindOf(creator, tag.getGroup(), static_cast<std::uint8_t>(tag.getElement() & 0xFFU));
  DcmElement* element = nullptr;
  if (!kind || item.findAndGetElement(tag, element).bad()) return false;
  switch (*kind) {
    case SafeKind::kNumbers: return HoldsNumbers(*element);
    case SafeKind::kCode: return HoldsDirectionCode(*element);
    case SafeKind::kSequence: return element->ident() == EVR_SQ;
    case SafeKind::kCsa: break;
  }
  const std::string raw = BytesOf(*element);
  const std::string clean = CsaWithNumbersOnly(std::as_bytes(std::span(raw)));
  return !clean.empty() &&
         element->putUint8Array(reinterpret_cast<const Uint8*>(clean.data()), static_cast<unsigned long>(clean.size()))
             .good();
}

}  // namespace

void RemoveUnsafePrivate(DcmItem& item) {
  std::vector<DcmTagKey> tags;
  for (DcmObject* each = item.nextInContainer(nullptr); each != nullptr; each = item.nextInContainer(each)) {
    if (each->getTag().getGroup() % 2 == 1) tags.push_back(each->getTag());
  }
  std::set<std::uint32_t> creators_in_use;
  for (const DcmTagKey& tag : tags) {
    if (tag.getElement() < 0x1000) continue;
    const auto block = static_cast<std::uint16_t>(tag.getElement() >> 8U);
    if (KeepPrivate(item, tag, Code(item, Tag{tag.getGroup(), block, "LO"})))
      creators_in_use.insert(static_cast<std::uint32_t>(tag.getGroup()) << 16U | block);
    else
      delete item.remove(tag);
  }
  for (const DcmTagKey& tag : tags) {
    if (tag.getElement() < 0x1000 &&
        !creators_in_use.contains(static_cast<std::uint32_t>(tag.getGroup()) << 16U | tag.getElement()))
      delete item.remove(tag);
  }
}

}  // namespace parotis::dicom
