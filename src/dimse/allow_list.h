// Who may open an association: the three questions of PS3.8 9.3.4 that a request is held against before anything else
// of it is believed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dimse/association.h"

namespace parotis::dimse {

// `network`: an address, or an address and a prefix length ("10.1.0.0/16", RFC 4632; "fd00::/8", RFC 4291 2.3). An IPv4
// address equals its IPv4-mapped form (RFC 4291 2.5.5.2). False when either is no address.
bool IsWithin(const std::string& address, const std::string& network);
bool IsNetwork(const std::string& network);

enum class Refusal { kCalledTitle, kCallingTitle };

struct Verdict {
  std::optional<Refusal> refusal;  // none: let in
  std::string reason;              // a sentence, when refused
};

// AE titles without the spaces around them, which mean nothing (PS3.8 9.3.2).
Verdict JudgeCaller(const AcceptRules& rules, const std::string& called_ae, const std::string& calling_ae,
                    const std::string& address);

}  // namespace parotis::dimse
