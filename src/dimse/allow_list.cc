#include "dimse/allow_list.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace parotis::dimse {
namespace {

constexpr int kBits = 128;
constexpr int kBitsBeforeIpv4 = 96;

using Address = std::array<std::uint8_t, kBits / 8>;

struct Network {
  Address address{};
  int prefix_bits = kBits;
};

struct Parsed {
  Address address{};
  bool is_ipv4 = false;
};

std::optional<Parsed> ParseAddress(const std::string& text) {
  Parsed parsed;
  if (inet_pton(AF_INET6, text.c_str(), parsed.address.data()) == 1) return parsed;
  if (inet_pton(AF_INET, text.c_str(), parsed.address.data() + kBitsBeforeIpv4 / 8) != 1) return std::nullopt;
  parsed.address[10] = parsed.address[11] = 0xFF;
  parsed.is_ipv4 = true;
  return parsed;
}

std::optional<Network> ParseNetwork(const std::string& text) {
  const std::size_t slash = text.find('/');
  const auto parsed = ParseAddress(text.substr(0, slash));
  if (!parsed) return std::nullopt;
  if (slash == std::string::npos) return Network{parsed->address, kBits};
  int bits = -1;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + slash + 1, end, bits);
  const int most = parsed->is_ipv4 ? kBits - kBitsBeforeIpv4 : kBits;
  if (read.ec != std::errc() || read.ptr != end || bits < 0 || bits > most) return std::nullopt;
  return Network{parsed->address, parsed->is_ipv4 ? bits + kBitsBeforeIpv4 : bits};
}

bool SamePrefix(const Address& a, const Address& b, int bits) {
  const auto bytes = static_cast<std::size_t>(bits / 8);
  if (std::memcmp(a.data(), b.data(), bytes) != 0) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xFF00U >> static_cast<unsigned>(bits % 8));
  return (a[bytes] & mask) == (b[bytes] & mask);
}

}  // namespace

bool IsWithin(const std::string& address, const std::string& network) {
  const auto of_caller = ParseAddress(address);
  const auto allowed = ParseNetwork(network);
  return of_caller && allowed && SamePrefix(of_caller->address, allowed->address, allowed->prefix_bits);
}

bool IsNetwork(const std::string& network) { return ParseNetwork(network).has_value(); }

Verdict JudgeCaller(const AcceptRules& rules, const std::string& called_ae, const std::string& calling_ae,
                    const std::string& address) {
  if (called_ae != rules.ae_title)
    return {Refusal::kCalledTitle, fmt::format("the called AE title {} is not ours", called_ae)};
  const auto is_from = [&](const AllowedPeer& peer) {
    return peer.addresses.empty() || std::any_of(peer.addresses.begin(), peer.addresses.end(),
                                                 [&](const std::string& each) { return IsWithin(address, each); });
  };
  bool known = false;
  for (const AllowedPeer& peer : rules.allowed) {
    if (peer.ae_title != calling_ae) continue;
    if (is_from(peer)) return {};
    known = true;
  }
  const char* const what = known ? "is on the list, but not with the address" : "is not on the list; it called from";
  return {Refusal::kCallingTitle, fmt::format("the calling AE title {} {} {}", calling_ae, what, address)};
}

}  // namespace parotis::dimse
