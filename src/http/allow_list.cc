#include "http/allow_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace parotis::http {
namespace {

// Without the interface of a link-local address ("fe80::1%eth0").
std::string WithoutInterface(const std::string& address) { return address.substr(0, address.find('%')); }

}  // namespace

AllowList::AllowList(const std::vector<std::string>& entries) {
  for (const std::string& entry : entries) {
    const std::size_t slash = std::min(entry.find('/'), entry.size());
    const auto network = base::ParseNetwork(WithoutInterface(entry.substr(0, slash)) + entry.substr(slash));
    if (!network) {
      base::Throw(base::ErrorKind::kUsage,
                  fmt::format("\"{}\" is neither an address nor a network; write it like 10.1.2.3, 10.1.0.0/16 or "
                              "fd00::/8",
                              entry));
    }
    networks_.push_back(*network);
  }
}

bool AllowList::Allows(const std::string& address) const {
  if (networks_.empty()) return true;
  const auto of_caller = base::ParseNetworkAddress(WithoutInterface(address));
  return of_caller && std::any_of(networks_.begin(), networks_.end(),
                                  [&](const base::Network& network) { return network.Contains(*of_caller); });
}

}  // namespace parotis::http
