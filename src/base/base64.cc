#include "base/base64.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace parotis::base {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// 64 for what is no digit.
constexpr std::array<std::uint8_t, 256> kValues = [] {
  std::array<std::uint8_t, 256> values = {};
  values.fill(64);
  for (std::size_t v = 0; v < kDigits.size(); ++v)
    values[static_cast<unsigned char>(kDigits[v])] = static_cast<std::uint8_t>(v);
  return values;
}();

// Without padding.
std::string Encoded(std::string_view bytes, std::string_view digits) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t b = 0; b < 3; ++b)
      group = group << 8 | (b < count ? static_cast<std::uint8_t>(bytes[at + b]) : 0U);
    for (std::size_t digit = 0; digit <= count; ++digit) text += digits[group >> (18 - 6 * digit) & 63];
  }
  return text;
}

}  // namespace

std::string Base64(std::string_view bytes) {
  std::string text = Encoded(bytes, kDigits);
  text.resize((text.size() + 3) / 4 * 4, '=');
  return text;
}

std::string Base64Url(std::string_view bytes) { return Encoded(bytes, kUrlDigits); }

std::optional<std::string> Base64Decoded(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const std::string_view group = text.substr(at, 4);
    const bool is_last = at + 4 == text.size();
    std::size_t digits = 4;
    while (is_last && digits > 2 && group[digits - 1] == '=') --digits;
    std::uint32_t bits = 0;
    for (std::size_t d = 0; d < 4; ++d) {
      const std::uint32_t value = d < digits ? kValues[static_cast<unsigned char>(group[d])] : 0;
      if (value > 63) return std::nullopt;
      bits = bits << 6 | value;
    }
    const std::size_t count = digits - 1;
    if ((bits & ((1U << (8 * (3 - count))) - 1)) != 0) return std::nullopt;
    for (std::size_t b = 0; b < count; ++b) bytes += static_cast<char>(bits >> (16 - 8 * b) & 255);
  }
  return bytes;
}

}  // namespace parotis::base
