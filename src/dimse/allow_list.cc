#include "dimse/allow_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/network_address.h"

namespace parotis::dimse {

bool IsWithin(const std::string& address, const std::string& network) {
  const auto of_caller = base::ParseNetworkAddress(address);
  const auto allowed = base::ParseNetwork(network);
  return of_caller && allowed && allowed->Contains(*of_caller);
}

bool IsNetwork(const std::string& network) { return base::ParseNetwork(network).has_value(); }

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
