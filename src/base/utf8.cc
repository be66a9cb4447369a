#include "base/utf8.h"

#include <algorithm>
#include <array>

namespace parotis::base {
namespace {

struct Range {
  std::uint32_t first, last;
};
// W and F of Unicode's EastAsianWidth, whole blocks where what lies between is not assigned.
constexpr std::array kWide = {Range{0x1100, 0x115F},  Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},
                              Range{0xA960, 0xA97C},  Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},
                              Range{0xFE10, 0xFE19},  Range{0xFE30, 0xFE6F},   Range{0xFF01, 0xFF60},
                              Range{0xFFE0, 0xFFE6},  Range{0x1F300, 0x1F64F}, Range{0x1F900, 0x1F9FF},
                              Range{0x20000, 0x3FFFD}};

struct Piece {
  std::size_t bytes, columns;
};

Piece FirstPiece(std::string_view text) {
  const CodePoint point = FirstCodePoint(text);
  if (point.length == 0) return {1, 1};
  const bool is_wide = std::any_of(kWide.begin(), kWide.end(), [&](const Range& range) {
    return point.value >= range.first && point.value <= range.last;
  });
  return {point.length, is_wide ? 2U : 1U};
}

}  // namespace

CodePoint FirstCodePoint(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC0 || first > 0xF4 || text.size() < length) return {};
  std::uint32_t value = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80) return {};
    value = (value << 6U) | (next & 0x3FU);
  }
  static constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest[length] || value > 0x10FFFF || surrogate) return {};
  return {value, length};
}

std::optional<std::size_t> PlainLength(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    const CodePoint point = FirstCodePoint(text);
    const bool control = point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0);
    if (point.length == 0 || control) return std::nullopt;
    text.remove_prefix(point.length);
  }
  return count;
}

std::size_t ColumnsOf(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Piece piece = FirstPiece(text);
    columns += piece.columns;
    text.remove_prefix(piece.bytes);
  }
  return columns;
}

std::string_view FirstColumns(std::string_view text, std::size_t most) {
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const Piece piece = FirstPiece(text.substr(bytes));
    if (piece.columns > most) break;
    most -= piece.columns;
    bytes += piece.bytes;
  }
  return text.substr(0, bytes);
}

}  // namespace parotis::base
