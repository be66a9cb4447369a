// Which addresses may connect.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace parotis::http {

class AllowList {
 public:
  // Addresses and networks in CIDR notation (RFC 4632, RFC 4291 2.3): "10.1.2.3", "10.1.0.0/16", "fd00::/8". None:
  // everybody may. Throws kUsage for an entry that is neither.
  explicit AllowList(const std::vector<std::string>& entries);

  // An IPv4 address and its form within IPv6 ("::ffff:10.1.2.3") are one. False for what is no address.
  bool Allows(const std::string& address) const;

 private:
  using Bytes = std::array<std::uint8_t, 16>;  // IPv6; an IPv4 address in its mapped form
  struct Network {
    Bytes address;
    int prefix_bits;
  };
  static bool Parse(std::string text, Bytes& address);

  std::vector<Network> networks_;
};

}  // namespace parotis::http
