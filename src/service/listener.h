// A listening TCP socket.
#pragma once

#include <cstdint>
#include <string>

namespace parotis::service {

class Listener {
 public:
  // Throws kUsage when the address is none or taken.
  Listener(const std::string& address, std::uint16_t port);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int descriptor() const { return descriptor_; }
  std::uint16_t port() const { return port_; }
  // An accepted connection; −1 when there is none after all.
  int Accept() const;
  void Close();

 private:
  int descriptor_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace parotis::service
