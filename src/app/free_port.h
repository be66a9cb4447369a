// A port of this machine that nobody listens on.
#pragma once

#include <cstdint>

namespace parotis::app {

// `wanted` if it is free on loopback now, else another one. Somebody else may take it before it is used.
std::uint16_t FreePort(std::uint16_t wanted);

}  // namespace parotis::app
