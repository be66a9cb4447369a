// Which addresses may connect.
#pragma once

#include <string>
#include <vector>

#include "base/network_address.h"

namespace parotis::http {

class AllowList {
 public:
  // Addresses and networks in CIDR notation (RFC 4632, RFC 4291 2.3): "10.1.2.3", "10.1.0.0/16", "fd00::/8". None:
  // everybody may. Throws kUsage for an entry that is neither.
  explicit AllowList(const std::vector<std::string>& entries);

  // An IPv4 address and its form within IPv6 ("::ffff:10.1.2.3") are one. False for what is no address.
  bool Allows(const std::string& address) const;

 private:
  std::vector<base::Network> networks_;
};

}  // namespace parotis::http
