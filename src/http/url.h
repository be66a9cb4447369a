// The address of a request to another server (RFC 3986; RFC 9110 4.2).
#pragma once

#include <cstdint>
#include <string>

namespace parotis::http {

struct Url {
  bool secure = false;  // https
  std::string host;     // a name or an address, without the brackets of IPv6
  std::uint16_t port = 80;
  std::string target = "/";  // path and query, as they are sent

  std::string Authority() const;  // as the Host field wants it
};

// Throws kUsage for what is no http or https address, or has a user, a fragment or a blank in it.
Url ParseUrl(const std::string& text);

}  // namespace parotis::http
