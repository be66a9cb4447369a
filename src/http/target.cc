#include "http/target.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"

namespace parotis::http {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = base::AsciiLower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = base::FirstCodePoint(text).length;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool AddSegments(std::string_view path, std::vector<std::string>& segments) {
  if (path.ends_with('/')) path.remove_suffix(1);
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash before the segment
    const std::size_t end = std::min(path.find('/'), path.size());
    auto segment = PercentDecoded(path.substr(0, end));
    if (!segment || segment->empty() || *segment == "." || *segment == "..") return false;
    segments.push_back(std::move(*segment));
    path.remove_prefix(end);
  }
  return true;
}

std::optional<std::string> FormDecoded(std::string_view text) {
  std::string blanks(text);
  std::replace(blanks.begin(), blanks.end(), '+', ' ');
  return PercentDecoded(blanks);
}

bool AddQuery(std::string_view query, std::vector<std::pair<std::string, std::string>>& pairs) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto key = FormDecoded(pair.substr(0, equals));
    auto value = FormDecoded(pair.substr(std::min(equals + 1, pair.size())));
    if (!key || !value) return false;
    pairs.emplace_back(std::move(*key), std::move(*value));
  }
  return true;
}

// The part of an absolute target that begins with the path.
std::string_view WithoutAuthority(std::string_view target) {
  const std::size_t scheme = target.starts_with("http://") ? 7 : target.starts_with("https://") ? 8 : 0;
  if (scheme == 0) return target;
  const std::size_t end = std::min(target.find_first_of("/?", scheme), target.size());
  return end == scheme ? std::string_view() : target.substr(end);
}

}  // namespace

std::optional<std::string> PercentDecoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (IsControl(c)) return std::nullopt;
    decoded += c;
  }
  if (!IsUtf8(decoded)) return std::nullopt;
  return decoded;
}

std::optional<Target> ParseTarget(std::string_view target) {
  const bool absolute = !target.starts_with('/');
  target = WithoutAuthority(target);
  if (absolute && target.starts_with('?')) return std::nullopt;
  if (!target.starts_with('/') || target.find('#') != std::string_view::npos) return std::nullopt;
  const std::size_t question = std::min(target.find('?'), target.size());
  Target parsed;
  if (!AddSegments(target.substr(0, question), parsed.path)) return std::nullopt;
  if (!AddQuery(target.substr(std::min(question + 1, target.size())), parsed.query)) return std::nullopt;
  return parsed;
}

}  // namespace parotis::http
