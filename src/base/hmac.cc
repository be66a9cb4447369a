#include "base/hmac.h"

#include "base/hash.h"

namespace parotis::base {
namespace {

constexpr std::size_t kBlock = 64;  // bytes, of SHA-256

std::string BytesFromHex(const std::string& hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  return bytes;
}

std::string Padded(std::string_view key, unsigned char pad) {
  std::string block = key.size() > kBlock ? BytesFromHex(HashOf(key)) : std::string(key);
  block.resize(kBlock, '\0');
  for (char& c : block) c = static_cast<char>(static_cast<unsigned char>(c) ^ pad);
  return block;
}

}  // namespace

std::string HmacSha256(std::string_view key, std::string_view text) {
  const std::string inner = BytesFromHex(HashOf(Padded(key, 0x36) + std::string(text)));
  return HashOf(Padded(key, 0x5c) + inner);
}

}  // namespace parotis::base
