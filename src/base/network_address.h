// Addresses of the internet protocol, and networks of them in CIDR notation (RFC 4632; RFC 4291 2.3): "10.1.2.3",
// "10.1.0.0/16", "fd00::/8". An IPv4 address equals its IPv4-mapped form (RFC 4291 2.5.5.2).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace parotis::base {

using NetworkAddress = std::array<std::uint8_t, 16>;  // IPv6; an IPv4 address in its mapped form

struct Network {
  NetworkAddress address{};
  int prefix_bits = 128;

  bool Contains(const NetworkAddress& other) const;
};

// Absent for what is none.
std::optional<NetworkAddress> ParseNetworkAddress(const std::string& text);
std::optional<Network> ParseNetwork(const std::string& text);

}  // namespace parotis::base
