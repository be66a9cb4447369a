#include "accounts/address.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "base/network_address.h"

namespace parotis::accounts {

std::string CallerOf(const std::string& address) {
  const auto parsed = base::ParseNetworkAddress(address);
  if (!parsed) return "other " + base::HashOf(address).substr(0, 16);
  const bool is_v4 = base::ParseNetwork("::ffff:0:0/96")->Contains(*parsed);
  return fmt::format("{:02x}", fmt::join(parsed->begin(), parsed->begin() + (is_v4 ? 16 : 8), ""));
}

}  // namespace parotis::accounts
