// Whom an address stands for. Private to this folder.
#pragma once

#include <string>

namespace parotis::accounts {

// The same text for all addresses of one caller: an IPv4 address is one in whatever form, of IPv6 a /64 is (RFC 6177:
// what a site has at least, and what privacy extensions move within). What is no address stands for itself.
std::string CallerOf(const std::string& address);

}  // namespace parotis::accounts
