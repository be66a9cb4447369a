#include "base/network_address.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/number.h"

namespace parotis::base {
namespace {

constexpr int kMappedBits = 96;  // what comes before an IPv4 address in its mapped form

}  // namespace

bool Network::Contains(const NetworkAddress& other) const {
  const auto whole = static_cast<std::size_t>(prefix_bits / 8);
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), other.begin())) return false;
  const int rest = prefix_bits % 8;
  return rest == 0 || ((address[whole] ^ other[whole]) >> (8 - rest)) == 0;
}

std::optional<NetworkAddress> ParseNetworkAddress(const std::string& text) {
  NetworkAddress address{};
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (inet_pton(AF_INET, text.c_str(), address.data() + kMappedBits / 8) != 1) return std::nullopt;
  return address;
}

std::optional<Network> ParseNetwork(const std::string& text) {
  const std::size_t slash = text.find('/');
  const std::string start = text.substr(0, slash);
  const auto address = ParseNetworkAddress(start);
  const bool is_v4 = start.find(':') == std::string::npos;
  const int longest = is_v4 ? 32 : 128;
  const auto bits = slash == std::string::npos ? std::optional(longest) : NumberFrom<int>(text.substr(slash + 1));
  if (!address || !bits || *bits < 0 || *bits > longest) return std::nullopt;
  return Network{*address, is_v4 ? *bits + kMappedBits : *bits};
}

}  // namespace parotis::base
