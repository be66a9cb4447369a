#include "dicom/palette.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/conditions.h"
#include "dicom/attributes.h"

namespace parotis::dicom {
namespace {

constexpr std::array<const char*, 3> kColourNames = {"red", "green", "blue"};

std::span<const std::byte> AsBytes(const std::string& text) { return std::as_bytes(std::span(text)); }

// Opcodes 0 (values), 1 (a straight line from the last value) and 2 (earlier segments again). Copied segments may not
// copy themselves, and every segment adds something: a small table must not make much work.
class Expansion {
 public:
  Expansion(std::span<const std::byte> data, std::size_t width, std::size_t count)
      : data_(data), width_(width), count_(count) {}

  std::optional<std::vector<double>> All() {
    std::size_t at = 0;
    while (at + 2 * width_ <= data_.size() && entries_.size() < count_) {
      if (!Segment(at, true)) return std::nullopt;
    }
    if (entries_.size() != count_) return std::nullopt;
    return std::move(entries_);
  }

 private:
  std::size_t Read(std::size_t& at) const {
    std::size_t value = 0;
    for (std::size_t i = 0; i < width_; ++i) value |= std::to_integer<std::size_t>(data_[at + i]) << (8 * i);
    at += width_;
    return value;
  }
  bool Holds(std::size_t at, std::size_t values) const {
    return at <= data_.size() && values * width_ <= data_.size() - at;
  }

  bool Segment(std::size_t& at, bool may_copy) {
    if (!Holds(at, 2)) return false;
    const std::size_t opcode = Read(at);
    const std::size_t length = Read(at);
    if (opcode == 0) return Values(at, length);
    if (opcode == 1) return Line(at, length);
    return opcode == 2 && may_copy && Copies(at, length);
  }
  bool Values(std::size_t& at, std::size_t length) {
    if (length == 0 || !Holds(at, length) || length > count_ - entries_.size()) return false;
    for (std::size_t i = 0; i < length; ++i) entries_.push_back(static_cast<double>(Read(at)));
    return true;
  }
  bool Line(std::size_t& at, std::size_t length) {
    if (length == 0 || !Holds(at, 1) || entries_.empty() || length > count_ - entries_.size()) return false;
    const double from = entries_.back();
    const auto to = static_cast<double>(Read(at));
    for (std::size_t i = 1; i <= length; ++i) {
      entries_.push_back(static_cast<double>(
          static_cast<std::int64_t>(from + (to - from) * static_cast<double>(i) / static_cast<double>(length) + 0.5)));
    }
    return true;
  }
  // The offset has 32 bits whatever the width, and counts bytes.
  bool Copies(std::size_t& at, std::size_t segments) {
    const std::size_t parts = 4 / width_;
    if (!Holds(at, parts)) return false;
    std::size_t from = 0;
    for (std::size_t i = 0; i < parts; ++i) from |= Read(at) << (8 * width_ * i);
    for (std::size_t i = 0; i < segments; ++i) {
      if (!Segment(from, false)) return false;
    }
    return true;
  }

  std::span<const std::byte> data_;
  std::size_t width_;
  std::size_t count_;
  std::vector<double> entries_;
};

// 8-bit entries come one to a byte or one to a word; the data's length tells.
std::optional<std::vector<double>> WholeTable(std::span<const std::byte> data, std::size_t count, int bits) {
  const std::size_t width = data.size() >= 2 * count ? 2 : 1;
  if (data.size() < count * width || (bits > 8 && width == 1)) return std::nullopt;
  std::vector<double> entries(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto value = std::to_integer<unsigned>(data[i * width]);
    if (width == 2) value |= std::to_integer<unsigned>(data[i * width + 1]) << 8U;
    entries[i] = value;
  }
  return entries;
}

}  // namespace

std::vector<double> Palette::Apply(std::span<const double> indices) const {
  std::vector<double> values(3 * indices.size());
  const double last = static_cast<double>(colour[0].size()) - 1;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const auto entry = static_cast<std::size_t>(std::clamp(indices[i] - first, 0.0, last));
    for (std::size_t c = 0; c < 3; ++c) values[c * indices.size() + i] = colour[c][entry];
  }
  return values;
}

Palette ReadPalette(DcmItem& dataset, bool is_signed, const std::string& name) {
  Palette palette;
  for (std::uint16_t c = 0; c < 3; ++c) {
    const auto refuse = [&](const char* fact) {
      base::Refuse(
          base::Found("pixels_undecodable", fmt::format("{}: its {} palette {}", name, kColourNames[c], fact)));
    };
    const std::vector<double> descriptor = Numbers(dataset, Tag{0x0028, static_cast<std::uint16_t>(0x1101 + c), "US"});
    if (descriptor.size() != 3) refuse("is not described");
    // 0 stands for 65536; a signed first value makes the other two look signed as well.
    const auto count16 = static_cast<std::uint16_t>(static_cast<std::int64_t>(descriptor[0]));
    const std::size_t count = count16 == 0 ? 65536 : count16;
    palette.first = static_cast<int>(descriptor[1]);
    if (is_signed && palette.first > 32767) palette.first -= 65536;
    if (!is_signed && palette.first < 0) palette.first += 65536;
    palette.bits = static_cast<int>(descriptor[2]);
    if (palette.bits < 1 || palette.bits > 16) refuse("has entries of an impossible size");
    const std::string whole = Bytes(dataset, Tag{0x0028, static_cast<std::uint16_t>(0x1201 + c), "OW"});
    const std::string segmented = Bytes(dataset, Tag{0x0028, static_cast<std::uint16_t>(0x1221 + c), "OW"});
    auto entries = whole.empty() ? ExpandSegments(AsBytes(segmented), palette.bits > 8 ? 2 : 1, count)
                                 : WholeTable(AsBytes(whole), count, palette.bits);
    if (!entries) refuse("is missing or damaged");
    palette.colour[c] = std::move(*entries);
  }
  if (palette.colour[0].size() != palette.colour[1].size() || palette.colour[0].size() != palette.colour[2].size())
    base::Refuse(base::Found("pixels_undecodable", fmt::format("{}: its palettes are not equally long", name)));
  return palette;
}

std::optional<std::vector<double>> ExpandSegments(std::span<const std::byte> data, int bytes_per_entry,
                                                  std::size_t count) {
  return Expansion(data, static_cast<std::size_t>(bytes_per_entry), count).All();
}

}  // namespace parotis::dicom
