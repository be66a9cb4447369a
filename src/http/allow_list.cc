#include "http/allow_list.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/number.h"

namespace parotis::http {
namespace {

constexpr int kMappedBits = 96;  // what comes before an IPv4 address in its mapped form

bool SameStart(const std::uint8_t* one, const std::uint8_t* other, int bits) {
  const int whole = bits / 8;
  if (!std::equal(one, one + whole, other)) return false;
  const int rest = bits % 8;
  return rest == 0 || ((one[whole] ^ other[whole]) >> (8 - rest)) == 0;
}

}  // namespace

bool AllowList::Parse(std::string text, Bytes& address) {
  text.resize(std::min(text.find('%'), text.size()));  // the interface of a link-local address
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return true;
  address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return inet_pton(AF_INET, text.c_str(), address.data() + 12) == 1;
}

AllowList::AllowList(const std::vector<std::string>& entries) {
  for (const std::string& entry : entries) {
    const std::size_t slash = entry.find('/');
    const std::string text = entry.substr(0, slash);
    const bool is_v4 = text.find(':') == std::string::npos;
    const int longest = is_v4 ? 32 : 128;
    const auto bits = slash == std::string::npos ? longest : base::NumberFrom<int>(entry.substr(slash + 1));
    Network network{};
    if (!Parse(text, network.address) || !bits || *bits < 0 || *bits > longest) {
      base::Throw(base::ErrorKind::kUsage,
                  fmt::format("\"{}\" is neither an address nor a network; write it like 10.1.2.3, 10.1.0.0/16 or "
                              "fd00::/8",
                              entry));
    }
    network.prefix_bits = is_v4 ? *bits + kMappedBits : *bits;
    networks_.push_back(network);
  }
}

bool AllowList::Allows(const std::string& address) const {
  if (networks_.empty()) return true;
  Bytes bytes{};
  if (!Parse(address, bytes)) return false;
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    return SameStart(network.address.data(), bytes.data(), network.prefix_bits);
  });
}

}  // namespace parotis::http
