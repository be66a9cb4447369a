#include "dicom/dicom_json.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "base/base64.h"
#include "base/error.h"
#include "base/number.h"
#include "dicom/archive.h"
#include "dicom/attributes.h"
#include "dicom/load.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

using nlohmann::json;

constexpr Uint32 kInlineBytes = 1024;
constexpr std::int64_t kExactInDouble = std::int64_t{1} << 53;
constexpr const char* kUtf8 = "ISO_IR 192";

// What the values of an item depend on, beside themselves.
struct Surroundings {
  std::string character_set;
  bool is_signed = false;  // pixel representation
  std::string uri;         // of the item
};

std::string NameOf(const DcmTagKey& tag) { return fmt::format("{:04X}{:04X}", tag.getGroup(), tag.getElement()); }

json WholeNumber(std::int64_t value) {
  if (value < -kExactInDouble || value > kExactInDouble) return std::to_string(value);
  return value;
}

json WholeNumber(std::uint64_t value) {
  if (value > static_cast<std::uint64_t>(kExactInDouble)) return std::to_string(value);
  return value;
}

json RealNumber(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "NaN" : value > 0 ? "inf" : "-inf";
}

// DS and IS; nothing for text that is no number.
std::optional<json> NumberInText(const std::string& text) {
  const auto whole = base::NumberFrom<std::int64_t>(text.starts_with('+') ? text.substr(1) : text);
  if (whole) return WholeNumber(*whole);
  const auto number = ParseNumber(text);
  return number ? std::optional<json>(*number) : std::nullopt;
}

// PS3.18 F.2.2; absent for a name without a letter.
std::optional<json> PersonName(std::string_view text) {
  static constexpr std::array kGroups = {"Alphabetic", "Ideographic", "Phonetic"};
  json name = json::object();
  for (const char* group : kGroups) {
    const std::size_t end = std::min(text.find('='), text.size());
    const std::string part = CleanText(text.substr(0, end));
    if (!part.empty()) name[group] = part;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return name.empty() ? std::nullopt : std::optional(name);
}

std::string RawTextOf(DcmElement& element) {
  char* text = nullptr;
  Uint32 length = 0;
  if (element.getString(text, length).bad() || text == nullptr) return {};
  return {text, length};
}

// The values of text that a backslash separates; empty ones are null (PS3.18 F.2.5). Nothing when they should be
// numbers and one of them is none.
std::optional<json> TextValues(DcmElement& element, std::string_view vr, const std::string& character_set) {
  json values = json::array();
  // Converted first: half of a character may be a backslash.
  for (const std::string& value : SplitValues(Utf8FromDicom(RawTextOf(element), character_set))) {
    if (value.empty()) {
      values.push_back(nullptr);
    } else if (vr == "PN") {
      values.push_back(PersonName(value).value_or(nullptr));
    } else if (vr == "DS" || vr == "IS") {
      auto number = NumberInText(value);
      if (!number) return std::nullopt;
      values.push_back(std::move(*number));
    } else {
      values.push_back(value);
    }
  }
  return values;
}

// Text that is one value whatever it holds.
json LongText(DcmElement& element, std::string_view vr, const std::string& character_set) {
  const std::string text =
      vr == "UR" ? CleanText(RawTextOf(element)) : Utf8LinesFromDicom(RawTextOf(element), character_set);
  return text.empty() ? json::array() : json::array({text});
}

// Bytes in little-endian order, whatever order the file has.
std::string BytesIn(DcmElement& element) {
  std::string bytes(element.getLength(), '\0');
  if (bytes.empty()) return bytes;
  const auto length = static_cast<Uint32>(bytes.size());
  if (element.getPartialValue(bytes.data(), 0, length, nullptr, EBO_LittleEndian).bad()) return {};
  return bytes;
}

template <class T, class Make>
json Cells(const std::string& bytes, const Make& make) {
  json values = json::array();
  for (std::size_t at = 0; at + sizeof(T) <= bytes.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    values.push_back(make(value));
  }
  return values;
}

json BinaryNumbers(DcmElement& element, std::string_view vr) {
  const std::string bytes = BytesIn(element);
  const auto as_signed = [](auto value) { return WholeNumber(std::int64_t{value}); };
  const auto as_unsigned = [](auto value) { return WholeNumber(std::uint64_t{value}); };
  if (vr == "US") return Cells<std::uint16_t>(bytes, as_unsigned);
  if (vr == "SS") return Cells<std::int16_t>(bytes, as_signed);
  if (vr == "UL") return Cells<std::uint32_t>(bytes, as_unsigned);
  if (vr == "SL") return Cells<std::int32_t>(bytes, as_signed);
  if (vr == "UV") return Cells<std::uint64_t>(bytes, as_unsigned);
  if (vr == "SV") return Cells<std::int64_t>(bytes, as_signed);
  if (vr == "FL") return Cells<float>(bytes, [](float value) { return RealNumber(value); });
  if (vr == "FD") return Cells<double>(bytes, RealNumber);
  return Cells<std::array<std::uint16_t, 2>>(
      bytes, [](const auto& tag) { return fmt::format("{:04X}{:04X}", tag[0], tag[1]); });  // AT
}

bool IsOneOf(std::string_view vr, std::string_view list) { return list.find(vr) != std::string_view::npos; }

// The representation's name as files write it; of those that DCMTK only knows as "one of two", the one that fits.
std::string RepresentationOf(DcmElement& element, const Surroundings& around) {
  if (element.getTag().getEVR() == EVR_xs) return around.is_signed ? "SS" : "US";
  return DcmVR(element.getVR()).getValidVRName();
}

bool IsAlwaysBulk(const DcmTagKey& tag) {
  return tag == DCM_PixelData || tag == DCM_FloatPixelData || tag == DCM_DoubleFloatPixelData ||
         tag == DCM_EncapsulatedDocument;
}

json ItemJson(DcmItem& item, Surroundings around);

json SequenceJson(DcmSequenceOfItems& sequence, const Surroundings& around) {
  json items = json::array();
  for (DcmObject* next = sequence.nextInContainer(nullptr); next != nullptr; next = sequence.nextInContainer(next)) {
    Surroundings within = around;
    within.uri += fmt::format("/{}", items.size() + 1);
    items.push_back(ItemJson(*static_cast<DcmItem*>(next), std::move(within)));
  }
  return items;
}

json ElementJson(DcmElement& element, Surroundings around) {
  const std::string vr = RepresentationOf(element, around);
  json attribute = {{"vr", vr}};
  json values = json::array();
  around.uri += "/" + NameOf(element.getTag());
  if (vr == "SQ") {
    values = SequenceJson(static_cast<DcmSequenceOfItems&>(element), around);
  } else if (IsAlwaysBulk(element.getTag())) {
    attribute["BulkDataURI"] = around.uri;
  } else if (IsOneOf(vr, "OB OW OF OD OL OV UN")) {
    if (element.getLength() > kInlineBytes) {
      attribute["BulkDataURI"] = around.uri;
    } else if (element.getLength() > 0) {
      attribute["InlineBinary"] = base::Base64(BytesIn(element));
    }
  } else if (element.getTag() == DCM_SpecificCharacterSet) {
    values.push_back(kUtf8);
  } else if (IsOneOf(vr, "US SS UL SL UV SV FL FD AT")) {
    values = BinaryNumbers(element, vr);
  } else if (IsOneOf(vr, "LT ST UT UR")) {
    values = LongText(element, vr, around.character_set);
  } else if (auto found = TextValues(element, vr, around.character_set)) {
    values = std::move(*found);
  } else {
    // Programs that expect a number would give up on the whole object.
    return {{"vr", "UN"}, {"InlineBinary", base::Base64(RawTextOf(element))}};
  }
  if (!values.empty()) attribute["Value"] = std::move(values);
  return attribute;
}

json ItemJson(DcmItem& item, Surroundings around) {
  if (Has(item, tag::kSpecificCharacterSet))
    around.character_set = CleanText(RawText(item, tag::kSpecificCharacterSet));
  around.is_signed = Integer(item, tag::kPixelRepresentation).value_or(around.is_signed ? 1 : 0) == 1;
  json attributes = json::object();
  for (DcmObject* next = item.nextInContainer(nullptr); next != nullptr; next = item.nextInContainer(next)) {
    auto& element = *static_cast<DcmElement*>(next);
    if (element.getTag().getElement() == 0) continue;  // a group's length
    attributes[NameOf(element.getTag())] = ElementJson(element, around);
  }
  return attributes;
}

}  // namespace

std::string DicomJson(const std::filesystem::path& file, const std::string& bulk_data_uri) {
  const ReadableFile readable(file);
  DcmFileFormat format;
  if (const auto reason = Load(format, readable, Extent::kWhole)) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} cannot be read as DICOM: {}; send it again", file.string(), *reason));
  }
  return ItemJson(*format.getDataset(), {.character_set = {}, .is_signed = false, .uri = bulk_data_uri}).dump();
}

}  // namespace parotis::dicom
