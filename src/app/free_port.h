// A port of this machine that nobody listens on.
#pragma once

#include <cstdint>

namespace parotis::app {

// No other FreePort of this machine has the same one as long as this one is there, so that programs that choose at the
// same moment choose different ones. Others may still take it before it is used.
class FreePort {
 public:
  // `wanted` if it is free on loopback now, else another one. Throws kIo when none is.
  explicit FreePort(std::uint16_t wanted);
  ~FreePort();
  FreePort(const FreePort&) = delete;
  FreePort& operator=(const FreePort&) = delete;

  std::uint16_t number() const { return number_; }

 private:
  std::uint16_t number_ = 0;
  int mark_ = -1;
};

}  // namespace parotis::app
