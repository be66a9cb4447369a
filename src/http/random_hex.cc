#include "http/random_hex.h"

#include <sys/random.h>

#include <array>
#include <cstdint>

#include "base/error.h"

namespace parotis::http {

std::string RandomHex() {
  std::array<std::uint8_t, 16> bytes{};
  // Up to 256 bytes come whole (getrandom(2)).
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    base::Throw(base::ErrorKind::kIo, "the system gives no random bytes; check that its kernel has getrandom");
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

}  // namespace parotis::http
