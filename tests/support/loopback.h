// A free port of this machine.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace parotis::test {

struct Listener {
  int descriptor = -1;
  std::uint16_t port = 0;
};

// Whoever calls closes it.
inline Listener ListenOnLoopback() {
  Listener listener{socket(AF_INET, SOCK_STREAM, 0), 0};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  constexpr int kWaiting = 32;
  const bool listens = bind(listener.descriptor, plain, size) == 0 && listen(listener.descriptor, kWaiting) == 0 &&
                       getsockname(listener.descriptor, plain, &size) == 0;
  if (!listens) std::abort();
  listener.port = ntohs(address.sin_port);
  return listener;
}

}  // namespace parotis::test
