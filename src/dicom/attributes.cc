#include "dicom/attributes.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include "dicom/element_bytes.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

DcmElement* Find(DcmItem& item, const Tag& tag) {
  DcmElement* element = nullptr;
  if (item.findAndGetElement(DcmTagKey(tag.group, tag.element), element).bad()) return nullptr;
  return element;
}

std::string_view OpaqueBytes(DcmElement& element) {
  Uint8* bytes = nullptr;
  if (element.getUint8Array(bytes).bad() || bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes), element.getLength()};
}

// Little-endian values of type T in opaque bytes; private attributes of big-endian files are not guessed at.
template <class T>
std::vector<double> NumbersInBytes(std::string_view bytes) {
  static_assert(std::endian::native == std::endian::little);
  std::vector<double> values;
  for (std::size_t at = 0; at + sizeof(T) <= bytes.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    values.push_back(static_cast<double>(value));
  }
  return values;
}

std::vector<double> NumbersInText(std::string_view text) {
  std::vector<double> values;
  for (const std::string& part : SplitValues(text)) {
    const auto value = ParseNumber(part);
    if (!value) return {};
    values.push_back(*value);
  }
  return values;
}

std::vector<double> NumbersInOpaque(std::string_view bytes, std::string_view vr) {
  if (vr == "FD") return NumbersInBytes<double>(bytes);
  if (vr == "FL") return NumbersInBytes<float>(bytes);
  if (vr == "US") return NumbersInBytes<std::uint16_t>(bytes);
  if (vr == "SS") return NumbersInBytes<std::int16_t>(bytes);
  if (vr == "UL") return NumbersInBytes<std::uint32_t>(bytes);
  if (vr == "SL") return NumbersInBytes<std::int32_t>(bytes);
  return NumbersInText(bytes);
}

// DCMTK's typed arrays; their lengths are in bytes.
template <class T, class Getter>
std::vector<double> NumbersInArray(DcmElement& element, Getter getter) {
  T* values = nullptr;
  if ((element.*getter)(values).bad() || values == nullptr) return {};
  return {values, values + element.getLength() / sizeof(T)};
}

std::vector<double> NumbersIn(DcmElement& element, std::string_view expected_vr) {
  switch (element.ident()) {
    case EVR_FD: return NumbersInArray<Float64>(element, &DcmElement::getFloat64Array);
    case EVR_FL: return NumbersInArray<Float32>(element, &DcmElement::getFloat32Array);
    case EVR_US: return NumbersInArray<Uint16>(element, &DcmElement::getUint16Array);
    case EVR_SS: return NumbersInArray<Sint16>(element, &DcmElement::getSint16Array);
    case EVR_UL: return NumbersInArray<Uint32>(element, &DcmElement::getUint32Array);
    case EVR_SL: return NumbersInArray<Sint32>(element, &DcmElement::getSint32Array);
    default: break;
  }
  if (IsOpaque(element)) return NumbersInOpaque(OpaqueBytes(element), expected_vr);
  char* text = nullptr;
  if (element.getString(text).bad() || text == nullptr) return {};
  return NumbersInText(text);
}

}  // namespace

std::optional<Tag> Resolve(DcmItem& item, const PrivateTag& tag) {
  for (std::uint16_t block = 0x10; block <= 0xff; ++block) {
    const Tag creator{tag.group, block, "LO"};
    if (!Has(item, creator)) {
      if (block > 0x20) return std::nullopt;  // creators are reserved from 0x10 upwards
      continue;
    }
    if (Code(item, creator) != tag.creator) continue;
    Tag resolved{tag.group, static_cast<std::uint16_t>(block << 8U | tag.element), ""};
    std::memcpy(resolved.vr, tag.vr, sizeof resolved.vr);
    return resolved;
  }
  return std::nullopt;
}

bool Has(DcmItem& item, const Tag& tag) { return Find(item, tag) != nullptr; }

std::string RawText(DcmItem& item, const Tag& tag) {
  DcmElement* element = Find(item, tag);
  if (element == nullptr) return {};
  if (IsOpaque(*element)) return BytesOf(*element);
  char* text = nullptr;
  if (element->getString(text).bad() || text == nullptr) return {};
  return text;
}

std::string Bytes(DcmItem& item, const Tag& tag) {
  DcmElement* element = Find(item, tag);
  if (element == nullptr || element->getLength() == 0) return {};
  std::string bytes(element->getLength(), '\0');
  const auto length = static_cast<Uint32>(bytes.size());
  if (element->getPartialValue(bytes.data(), 0, length, nullptr, EBO_LittleEndian).bad()) return {};
  return bytes;
}

std::vector<std::string> Codes(DcmItem& item, const Tag& tag) {
  std::vector<std::string> values = SplitValues(RawText(item, tag));
  for (std::string& value : values) value = CleanText(value);
  return values;
}

std::string Code(DcmItem& item, const Tag& tag) {
  std::vector<std::string> values = Codes(item, tag);
  return values.empty() ? std::string() : std::move(values.front());
}

std::string Text(DcmItem& item, const Tag& tag, const std::string& character_set) {
  return Utf8FromDicom(RawText(item, tag), character_set);
}

std::vector<double> Numbers(DcmItem& item, const Tag& tag) {
  DcmElement* element = Find(item, tag);
  if (element == nullptr) return {};
  std::vector<double> values = NumbersIn(*element, tag.vr);
  for (const double value : values) {
    if (!std::isfinite(value)) return {};
  }
  return values;
}

std::optional<double> Number(DcmItem& item, const Tag& tag) {
  const std::vector<double> values = Numbers(item, tag);
  if (values.empty()) return std::nullopt;
  return values.front();
}

std::optional<int> Integer(DcmItem& item, const Tag& tag) {
  const auto value = Number(item, tag);
  if (!value || *value != std::floor(*value) || std::abs(*value) > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<int>(*value);
}

std::optional<std::array<double, 3>> Vector(DcmItem& item, const Tag& tag) {
  const std::vector<double> values = Numbers(item, tag);
  if (values.size() != 3) return std::nullopt;
  return std::array<double, 3>{values[0], values[1], values[2]};
}

DcmItem* SequenceItem(DcmItem* item, const Tag& tag) {
  if (item == nullptr) return nullptr;
  auto* sequence = dynamic_cast<DcmSequenceOfItems*>(Find(*item, tag));
  return sequence == nullptr || sequence->card() == 0 ? nullptr : sequence->getItem(0);
}

std::vector<DcmItem*> SequenceItems(DcmItem& item, const Tag& tag) {
  std::vector<DcmItem*> items;
  auto* sequence = dynamic_cast<DcmSequenceOfItems*>(Find(item, tag));
  if (sequence == nullptr) return items;
  items.reserve(sequence->card());
  // Walked as a list: getItem(i) starts from the front each time.
  for (DcmObject* next = sequence->nextInContainer(nullptr); next != nullptr; next = sequence->nextInContainer(next)) {
    items.push_back(static_cast<DcmItem*>(next));
  }
  return items;
}

std::string Code(DcmItem& item, const PrivateTag& tag) {
  const auto resolved = Resolve(item, tag);
  return resolved ? Code(item, *resolved) : std::string();
}

std::vector<double> Numbers(DcmItem& item, const PrivateTag& tag) {
  const auto resolved = Resolve(item, tag);
  return resolved ? Numbers(item, *resolved) : std::vector<double>();
}

std::optional<double> Number(DcmItem& item, const PrivateTag& tag) {
  const auto resolved = Resolve(item, tag);
  return resolved ? Number(item, *resolved) : std::nullopt;
}

std::optional<std::array<double, 3>> Vector(DcmItem& item, const PrivateTag& tag) {
  const auto resolved = Resolve(item, tag);
  return resolved ? Vector(item, *resolved) : std::nullopt;
}

}  // namespace parotis::dicom
