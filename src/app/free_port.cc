#include "app/free_port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"

namespace parotis::app {
namespace {

// The port that was got; 0 when `wanted` is taken.
std::uint16_t Bind(std::uint16_t wanted) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return 0;
  // As the servers do: a connection of a moment ago takes no port.
  const int yes = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(wanted);
  socklen_t size = sizeof address;
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  const bool is_free = ::bind(descriptor, plain, size) == 0 && ::listen(descriptor, 1) == 0 &&
                       ::getsockname(descriptor, plain, &size) == 0;
  ::close(descriptor);
  return is_free ? ntohs(address.sin_port) : 0;
}

}  // namespace

std::uint16_t FreePort(std::uint16_t wanted) {
  for (const std::uint16_t port : {wanted, std::uint16_t{0}}) {
    if (const std::uint16_t found = Bind(port)) return found;
  }
  base::Throw(base::ErrorKind::kIo, "no port of this machine is free");
}

}  // namespace parotis::app
