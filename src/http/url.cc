#include "http/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "base/number.h"

namespace parotis::http {
namespace {

[[noreturn]] void ThrowBad(const std::string& text, std::string_view why) {
  base::Throw(base::ErrorKind::kUsage,
              fmt::format("\"{}\" is no address of a server: {}; write it like https://host:8443/path", text, why));
}

bool IsPlain(char c) { return c > 0x20 && c < 0x7F && c != '#'; }

bool IsHostCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._:").find(c) != std::string_view::npos;
}

// Host and port; "[::1]:8080" for instance.
void ParseAuthority(const std::string& text, std::string_view authority, Url& url) {
  const bool bracketed = authority.starts_with('[');
  const std::size_t close = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (close == std::string_view::npos) ThrowBad(text, "a bracket is open");
  url.host = authority.substr(bracketed ? 1 : 0, close - (bracketed ? 1 : 0));
  authority.remove_prefix(close + (bracketed ? 1 : 0));
  if (url.host.empty()) ThrowBad(text, "it names no host");
  if (!std::all_of(url.host.begin(), url.host.end(), IsHostCharacter)) ThrowBad(text, "its host is none");
  if (authority.empty()) return;
  const auto port = authority.starts_with(':') ? base::NumberFrom<std::uint16_t>(authority.substr(1)) : std::nullopt;
  if (!port || *port == 0) ThrowBad(text, "its port is none");
  url.port = *port;
}

}  // namespace

std::string Url::Authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (secure ? 443 : 80) ? name : fmt::format("{}:{}", name, port);
}

Url ParseUrl(const std::string& text) {
  Url url;
  std::string_view rest = text;
  url.secure = rest.starts_with("https://");
  if (!url.secure && !rest.starts_with("http://")) ThrowBad(text, "it does not begin with http:// or https://");
  if (!std::all_of(rest.begin(), rest.end(), IsPlain)) ThrowBad(text, "it has a blank, a # or a foreign letter in it");
  rest.remove_prefix(url.secure ? 8 : 7);
  url.port = url.secure ? 443 : 80;
  const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
  if (rest.substr(0, end).find('@') != std::string_view::npos) ThrowBad(text, "it has a user in it");
  ParseAuthority(text, rest.substr(0, end), url);
  rest.remove_prefix(end);
  if (!rest.empty()) url.target = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
  return url;
}

}  // namespace parotis::http
