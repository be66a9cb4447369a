#include "base/base64.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace parotis::base {
namespace {

// Without padding.
std::string Encoded(std::string_view bytes, const char (&digits)[65]) {
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
  std::string text = Encoded(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  text.resize((text.size() + 3) / 4 * 4, '=');
  return text;
}

std::string Base64Url(std::string_view bytes) {
  return Encoded(bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}

}  // namespace parotis::base
