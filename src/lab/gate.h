// Who may ask: the one person who started the program, from this machine. The printed address holds a token that is
// good once; it is exchanged for a cookie. The name that a request was sent to must be loopback's, so that no page of
// others reaches this one through a name that it has pointed here (DNS rebinding).
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "http/message.h"

namespace parotis::lab {

class Gate {
 public:
  Gate();

  // "" when the request may be answered at all, else one sentence. `port`: the server's.
  std::string WhyNot(const http::Request& request, std::uint16_t port) const;
  bool HasCookie(const http::Request& request, std::uint16_t port) const;
  // {"token": …} for a Set-Cookie; 403 to a wrong or used one. Throws kInput when the body is no JSON object.
  http::Response Enter(const http::Request& request, std::uint16_t port);
  const std::string& token() const { return token_; }

 private:
  const std::string token_, secret_;
  std::mutex mutex_;
  bool is_used_ = false;
};

}  // namespace parotis::lab
