#include "lab/gate.h"

#include <fmt/format.h>

#include <array>

#include "base/secret.h"
#include "http/answers.h"
#include "http/random_hex.h"

namespace parotis::lab {

Gate::Gate() : token_(http::RandomHex()), pass_(http::RandomHex()) {}

std::string Gate::WhyNot(const http::Request& request, std::uint16_t port) const {
  constexpr std::array kNames = {"127.0.0.1", "localhost", "[::1]"};
  const std::string host = request.Header("host");
  bool is_loopback = false;
  for (const char* name : kNames) is_loopback = is_loopback || host == fmt::format("{}:{}", name, port);
  if (!is_loopback) return "this page is for this machine alone: open it at the address that parotis browse printed";
  // Other ports of this machine are the same site to a browser, and their pages are not ours.
  const std::string site = request.Header("sec-fetch-site"), origin = request.Header("origin");
  const bool is_ours = (site.empty() || site == "same-origin" || site == "none") &&
                       (origin.empty() || origin == fmt::format("http://{}", host));
  if (!is_ours && !request.path.empty() && request.path[0] == "api") return "this request comes from another page";
  return "";
}

bool Gate::HasPass(const http::Request& request) const { return base::EqualSecrets(request.Header(kPassField), pass_); }

http::Response Gate::Enter(const http::Request& request) {
  const base::Json body = http::BodyOf(request);
  const auto token = body.find("token");
  const bool is_ours =
      token != body.end() && token->is_string() && base::EqualSecrets(token->get<std::string>(), token_);
  const std::lock_guard lock(mutex_);
  if (!is_ours || is_used_)
    return http::Error(403, "this address was used before, or is of an earlier start: start parotis browse again");
  is_used_ = true;
  http::Response response = http::Answer({{"pass", pass_}});
  response.headers["cache-control"] = "no-store";
  return response;
}

}  // namespace parotis::lab
