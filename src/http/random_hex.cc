#include "http/random_hex.h"

#include "base/secret.h"

namespace parotis::http {

std::string RandomHex() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : base::RandomBytes(16)) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4U];
    text += kDigits[static_cast<unsigned char>(byte) & 15U];
  }
  return text;
}

}  // namespace parotis::http
