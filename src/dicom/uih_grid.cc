#include "dicom/uih_grid.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "dicom/byte_reader.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

using Positions = std::vector<std::optional<image::Vector3>>;

constexpr std::size_t kMostItems = 4096;
constexpr std::uint32_t kUndefinedLength = 0xFFFFFFFF;
constexpr std::uint32_t kItem = 0xFFFEE000;
constexpr std::uint32_t kItemEnd = 0xFFFEE00D;
constexpr std::uint32_t kSequenceEnd = 0xFFFEE0DD;
constexpr std::uint32_t kPosition = 0x00200032;

// One element of implicit little endian.
struct Element {
  std::uint32_t tag = 0;  // group in the upper half
  std::uint32_t length = 0;
};

Element Next(ByteReader& reader) {
  const std::string_view raw = reader.Take(8);
  if (reader.failed()) return {};
  std::array<std::uint16_t, 2> tag{};
  Element element;
  std::memcpy(tag.data(), raw.data(), 4);
  std::memcpy(&element.length, raw.data() + 4, 4);
  element.tag = static_cast<std::uint32_t>(tag[0]) << 16U | tag[1];
  return element;
}

std::optional<image::Vector3> ParsePosition(std::string_view text) {
  const auto parts = SplitValues(text);
  if (parts.size() != 3) return std::nullopt;
  image::Vector3 position{};
  for (std::size_t d = 0; d < 3; ++d) {
    const auto value = ParseNumber(parts[d]);
    if (!value) return std::nullopt;
    position[d] = *value;
  }
  return position;
}

// The position within one item, whose elements are read up to its end. Nested sequences are not expected in it.
std::optional<image::Vector3> ReadItem(ByteReader& reader, std::uint32_t length) {
  std::optional<image::Vector3> position;
  const std::size_t end = length == kUndefinedLength ? 0 : reader.left() - length;
  while (!reader.failed() && reader.left() > end) {
    const Element element = Next(reader);
    if (element.tag == kItemEnd) break;
    const std::string_view value = reader.Take(element.length);
    if (element.tag == kPosition) position = ParsePosition(value);
  }
  return position;
}

}  // namespace

Positions ParseUihSlicePositions(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  Positions positions;
  while (!reader.failed() && reader.left() > 0 && positions.size() <= kMostItems) {
    const Element item = Next(reader);
    if (item.tag == kSequenceEnd) break;
    if (item.tag != kItem || (item.length != kUndefinedLength && item.length > reader.left())) return {};
    positions.push_back(ReadItem(reader, item.length));
  }
  return reader.failed() ? Positions() : positions;
}

Positions UihSlicePositions(DcmItem& dataset) {
  const auto tag = Resolve(dataset, tag::kUihGridSequence);
  if (!tag) return {};
  Positions positions;
  for (DcmItem* item : SequenceItems(dataset, *tag)) positions.push_back(Vector(*item, tag::kImagePosition));
  if (!positions.empty()) return positions;
  const std::string raw = RawText(dataset, *tag);
  return ParseUihSlicePositions(std::as_bytes(std::span(raw)));
}

}  // namespace parotis::dicom
