#include "base/secret.h"

#include <sys/random.h>

#include "base/error.h"

namespace parotis::base {

std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  // Up to 256 bytes come whole (getrandom(2)).
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    Throw(ErrorKind::kIo, "the system gives no random bytes; check that its kernel has getrandom");
  return bytes;
}

bool EqualSecrets(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return false;
  // Volatile: the loop must not end at the first difference.
  volatile unsigned char different = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    const auto bits =
        static_cast<unsigned char>(static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other[i]));
    different = static_cast<unsigned char>(different | bits);
  }
  return different == 0;
}

}  // namespace parotis::base
