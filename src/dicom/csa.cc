#include "dicom/csa.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "dicom/attributes.h"
#include "dicom/byte_reader.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

constexpr std::uint32_t kMostElements = 1024;
constexpr std::uint32_t kMostItems = 4096;

std::uint32_t Uint32(ByteReader& reader) {
  const std::string_view raw = reader.Take(4);
  std::uint32_t value = 0;
  if (!reader.failed()) std::memcpy(&value, raw.data(), 4);
  return value;
}

std::string_view UpToNul(std::string_view text) { return text.substr(0, text.find('\0')); }

struct Format {
  bool sv10 = false;
  std::uint32_t first_item_count = 0;  // the older format adds it to every length
};

// The items of one element. False when the bytes break off.
bool ReadItems(ByteReader& reader, const Format& format, std::uint32_t count, std::vector<std::string>& items) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t first = Uint32(reader);
    const std::uint32_t second = Uint32(reader);
    reader.Take(8);
    const std::uint32_t length = format.sv10 ? second : first - format.first_item_count;
    const std::string_view value = reader.Take(length);
    if (reader.failed()) return false;
    reader.Skip((4 - length % 4) % 4);
    const std::string text = CleanText(UpToNul(value));
    if (!text.empty()) items.push_back(text);
  }
  return true;
}

// Elements of numbers that say where an image lies and how it was weighted.
constexpr std::array<std::string_view, 20> kPhysics = {"AcquisitionMatrix",
                                                       "B_matrix",
                                                       "B_value",
                                                       "BandwidthPerPixelPhaseEncode",
                                                       "DiffusionGradientDirection",
                                                       "EchoTime",
                                                       "FlipAngle",
                                                       "ImageOrientationPatient",
                                                       "ImagePositionPatient",
                                                       "MagneticFieldStrength",
                                                       "MosaicRefAcqTimes",
                                                       "NumberOfImagesInMosaic",
                                                       "PhaseEncodingDirectionPositive",
                                                       "PixelSpacing",
                                                       "ProtocolSliceNumber",
                                                       "RepetitionTime",
                                                       "SliceMeasurementDuration",
                                                       "SliceNormalVector",
                                                       "SliceThickness",
                                                       "SpacingBetweenSlices"};

std::string Uint32Bytes(std::uint32_t value) {
  std::string bytes(4, '\0');
  std::memcpy(bytes.data(), &value, 4);
  return bytes;
}

std::string Fixed(std::string_view text, std::size_t size) {
  std::string bytes(text.substr(0, size));
  bytes.resize(size, '\0');
  return bytes;
}

// The number that stands beside each representation in Siemens' own headers.
std::uint32_t NumberOf(std::string_view vr) {
  constexpr std::array<std::pair<std::string_view, std::uint32_t>, 9> kNumbers = {
      {{"DS", 3}, {"FD", 4}, {"IS", 6}, {"SL", 7}, {"UL", 9}, {"US", 10}, {"CS", 16}, {"LO", 19}, {"SH", 22}}};
  for (const auto& [name, number] : kNumbers) {
    if (name == vr) return number;
  }
  return 0;
}

std::string ElementBytes(const CsaElement& element) {
  constexpr std::uint32_t kMark = 77;  // where Siemens' own writer leaves it
  const auto count = static_cast<std::uint32_t>(element.items.size());
  std::string bytes = Fixed(element.name, 64) + Uint32Bytes(count) + Fixed(element.vr, 4) +
                      Uint32Bytes(NumberOf(element.vr)) + Uint32Bytes(count) + Uint32Bytes(kMark);
  for (const std::string& item : element.items) {
    const auto length = static_cast<std::uint32_t>(item.size() + 1);
    bytes += Uint32Bytes(length) + Uint32Bytes(length) + Uint32Bytes(kMark) + Uint32Bytes(length);
    bytes += Fixed(item, (item.size() + 4) / 4 * 4);
  }
  return bytes;
}

}  // namespace

std::string CsaWithNumbersOnly(std::span<const std::byte> bytes) {
  const auto header = ParseCsa(bytes);
  if (!header) return {};
  std::vector<CsaElement> elements;
  for (const std::string_view name : kPhysics) {
    const auto found = header->find(std::string(name));
    if (found == header->end() || found->second.empty()) continue;
    if (!std::all_of(found->second.begin(), found->second.end(), [](const auto& item) { return ParseNumber(item); }))
      continue;
    elements.push_back({found->first, "DS", found->second});
  }
  return elements.empty() ? std::string() : EncodeCsa(elements);
}

std::string EncodeCsa(const std::vector<CsaElement>& elements) {
  std::string bytes =
      "SV10" + std::string("\4\3\2\1", 4) + Uint32Bytes(static_cast<std::uint32_t>(elements.size())) + Uint32Bytes(77);
  for (const CsaElement& element : elements) bytes += ElementBytes(element);
  if (bytes.size() % 2 != 0) bytes += '\0';
  return bytes;
}

std::optional<CsaHeader> ParseCsa(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  Format format;
  format.sv10 = bytes.size() >= 4 && std::memcmp(bytes.data(), "SV10", 4) == 0;
  if (format.sv10) reader.Take(8);
  const std::uint32_t element_count = Uint32(reader);
  Uint32(reader);
  if (reader.failed() || element_count == 0 || element_count > kMostElements) return std::nullopt;
  CsaHeader header;
  for (std::uint32_t e = 0; e < element_count; ++e) {
    const std::string name = CleanText(UpToNul(reader.Take(64)));
    reader.Take(12);  // multiplicity, representation, its number
    const std::uint32_t item_count = Uint32(reader);
    reader.Take(4);
    if (reader.failed() || item_count > kMostItems) return std::nullopt;
    if (e == 0) format.first_item_count = item_count;
    if (!ReadItems(reader, format, item_count, header[name])) return std::nullopt;
  }
  return header;
}

std::optional<CsaHeader> ReadCsa(DcmItem& dataset) {
  const auto tag = Resolve(dataset, tag::kSiemensCsaImageHeader);
  if (!tag) return std::nullopt;
  const std::string raw = RawText(dataset, *tag);
  return ParseCsa(std::as_bytes(std::span(raw)));
}

std::vector<double> CsaNumbers(const CsaHeader& header, const std::string& name) {
  const auto found = header.find(name);
  if (found == header.end()) return {};
  std::vector<double> values;
  for (const std::string& item : found->second) {
    const auto value = ParseNumber(item);
    if (!value) return {};
    values.push_back(*value);
  }
  return values;
}

}  // namespace parotis::dicom
