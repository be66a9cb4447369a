// Connections within this machine.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <optional>

namespace parotis::test {

struct Listener {
  int descriptor = -1;
  std::uint16_t port = 0;
};

inline sockaddr_in LoopbackAddress(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

// On a port that is free. Whoever calls closes it.
inline Listener ListenOnLoopback() {
  Listener listener{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), 0};
  if (listener.descriptor < 0) std::abort();
  sockaddr_in address = LoopbackAddress(0);
  socklen_t size = sizeof(address);
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  constexpr int kWaiting = 32;
  const bool listens = bind(listener.descriptor, plain, size) == 0 && listen(listener.descriptor, kWaiting) == 0 &&
                       getsockname(listener.descriptor, plain, &size) == 0;
  if (!listens) std::abort();
  listener.port = ntohs(address.sin_port);
  return listener;
}

// Whoever calls closes it; nothing if nobody listens there.
inline std::optional<int> ConnectToLoopback(std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) std::abort();
  const sockaddr_in address = LoopbackAddress(port);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return descriptor;
  close(descriptor);
  return std::nullopt;
}

}  // namespace parotis::test
