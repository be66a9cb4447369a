#include "service/listener.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "base/error.h"

namespace parotis::service {
namespace {

constexpr int kWaitingConnections = 128;

std::uint16_t PortOf(int descriptor) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(address).sin_port);
}

}  // namespace

Listener::Listener(const std::string& address, std::uint16_t port) {
  const auto refuse = [&](const std::string& why) {
    base::Throw(base::ErrorKind::kUsage, fmt::format("cannot listen on {} port {}: {}", address, port, why));
  };
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failed != 0) refuse(::gai_strerror(failed));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
  descriptor_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int yes = 1;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (descriptor_ < 0 || ::bind(descriptor_, found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(descriptor_, kWaitingConnections) != 0) {
    const std::string why = std::generic_category().message(errno);
    Close();
    refuse(why);
  }
  port_ = PortOf(descriptor_);
}

Listener::~Listener() { Close(); }

int Listener::Accept() const { return ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC); }

void Listener::Close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace parotis::service
