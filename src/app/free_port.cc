#include "app/free_port.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <string>

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

// A name that goes with its process (abstract, unix(7)) says that the port is chosen. −1: somebody else has it.
int Mark(std::uint16_t port) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  const std::string name = fmt::format("parotis-port-{}", port);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(name.begin(), name.end(), address.sun_path + 1);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), size) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

}  // namespace

FreePort::FreePort(std::uint16_t wanted) {
  constexpr int kTries = 20;
  for (int i = 0; i < kTries && mark_ < 0; ++i) {
    number_ = Bind(i == 0 ? wanted : std::uint16_t{0});
    if (number_ != 0) mark_ = Mark(number_);
  }
  if (mark_ < 0) base::Throw(base::ErrorKind::kIo, "no port of this machine is free");
}

FreePort::~FreePort() { ::close(mark_); }

}  // namespace parotis::app
