// The target of a request (RFC 9112 3.2) taken apart, strictly: what has two readings is refused, so that no two parts
// of a system can see different things in one target.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parotis::http {

struct Target {
  std::vector<std::string> path;                           // decoded segments; none for "/"
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
};

// Origin form, or absolute form, whose authority is passed over. One slash at the end means nothing. Escapes are
// decoded within a segment ("%2F" does not part segments). A plus in the query is a blank, as forms and most clients
// write it. Nothing for: other forms, empty segments, "." and ".." however they are written, bad escapes, control
// characters, and what is not UTF-8 once it is decoded.
std::optional<Target> ParseTarget(std::string_view target);

// `text` with its escapes decoded; nothing when one is no escape, or for a control character or text that is not UTF-8.
std::optional<std::string> PercentDecoded(std::string_view text);

}  // namespace parotis::http
