// Who may ask: the one person who started the program, from this machine. The printed address holds a token that is
// good once; it is exchanged for a pass, which the page sends with every request. It is no cookie: a browser sends
// those to every port of a machine, and behind another port may be another person. The name that a request was sent to
// must be loopback's, so that no page of others reaches this one through a name that it has pointed here (DNS
// rebinding).
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "http/message.h"

namespace parotis::lab {

// The header field with the pass.
inline constexpr const char* kPassField = "x-parotis-lab";

class Gate {
 public:
  Gate();

  // "" when the request may be answered at all, else one sentence. `port`: the server's.
  std::string WhyNot(const http::Request& request, std::uint16_t port) const;
  bool HasPass(const http::Request& request) const;
  // {"token": …} for {"pass": …}; 403 to a wrong or used one. Throws kInput when the body is no JSON object.
  http::Response Enter(const http::Request& request);
  const std::string& token() const { return token_; }

 private:
  const std::string token_, pass_;
  std::mutex mutex_;
  bool is_used_ = false;
};

}  // namespace parotis::lab
