// A strict reader of markup: enough to say whether what we write nests, and nothing stands where it must not.
#pragma once

#include <cctype>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace parotis::test {

// What is wrong with the markup, or "" when every tag is closed in order, every attribute is quoted and named once, and
// text holds no stray < or &. Elements that HTML never closes (meta) need no end.
inline std::string FaultInMarkup(std::string_view html) {
  const auto where = [&](std::size_t at) { return " near: " + std::string(html.substr(at, 60)); };
  std::vector<std::string> open;
  std::size_t at = html.starts_with("<!DOCTYPE html>") ? 15 : 0;
  while (at < html.size()) {
    if (html[at] == '&') {
      const std::size_t end = html.find(';', at);
      if (end == std::string_view::npos || end - at > 8) return "a stray &" + where(at);
      at = end + 1;
      continue;
    }
    if (html[at] == '>') return "a stray >" + where(at);
    if (html[at] != '<') {
      ++at;
      continue;
    }
    const std::size_t start = at++;
    const bool is_end = html[at] == '/';
    if (is_end) ++at;
    std::string name;
    while (at < html.size() && (std::isalnum(static_cast<unsigned char>(html[at])) != 0)) name += html[at++];
    if (name.empty()) return "a stray <" + where(start);
    std::set<std::string> attributes;
    bool is_closed = false;
    for (;;) {
      while (at < html.size() && (std::isspace(static_cast<unsigned char>(html[at])) != 0)) ++at;
      if (at >= html.size()) return "a tag that does not end" + where(start);
      if (html[at] == '/' && at + 1 < html.size() && html[at + 1] == '>') is_closed = true, ++at;
      if (html[at] == '>') break;
      std::string attribute;
      while (at < html.size() && html[at] != '=' && html[at] != '>' && html[at] != ' ') attribute += html[at++];
      if (at + 1 >= html.size() || html[at] != '=' || html[at + 1] != '"')
        return "an attribute without quotes" + where(start);
      if (!attributes.insert(attribute).second) return "an attribute twice" + where(start);
      at = html.find('"', at + 2);
      if (at == std::string_view::npos) return "an attribute that does not end" + where(start);
      ++at;
    }
    ++at;
    if (is_end) {
      if (open.empty() || open.back() != name) return "</" + name + "> closes nothing" + where(start);
      open.pop_back();
    } else if (!is_closed && name != "meta") {
      open.push_back(name);
      if (name == "style") at = html.find("</style>", at);  // raw text
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

}  // namespace parotis::test
