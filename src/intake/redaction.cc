#include "intake/redaction.h"

#include <algorithm>
#include <cstddef>

namespace parotis::intake {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool EndsSegment(char c) { return std::string_view("/ \t\n\r\f\v:;,").find(c) != std::string_view::npos; }

// Where the run of what `belongs` that begins at `at` ends.
template <class Belongs>
std::size_t EndOfRun(std::string_view text, std::size_t at, Belongs belongs) {
  while (at < text.size() && belongs(text[at])) ++at;
  return at;
}

// Each returns the length of what begins at `at`, 0 for nothing.
std::size_t QuotedAt(std::string_view text, std::size_t at) {
  if (text[at] != '"') return 0;
  const std::size_t end = text.find('"', at + 1);
  return end == std::string_view::npos ? 0 : end + 1 - at;
}

std::size_t UidAt(std::string_view text, std::size_t at) {
  if (!IsDigit(text[at]) || (at > 0 && IsDigit(text[at - 1]))) return 0;
  std::size_t end = EndOfRun(text, at, IsDigit);
  int dots = 0;
  while (end + 1 < text.size() && text[end] == '.' && IsDigit(text[end + 1])) {
    ++dots;
    end = EndOfRun(text, end + 1, IsDigit);
  }
  return dots >= 3 ? end - at : 0;
}

std::size_t PathAt(std::string_view text, std::size_t at) {
  std::size_t end = at;
  int segments = 0;
  while (end + 1 < text.size() && text[end] == '/' && !EndsSegment(text[end + 1])) {
    ++segments;
    end = EndOfRun(text, end + 1, [](char c) { return !EndsSegment(c); });
  }
  return segments >= 2 ? end - at : 0;
}

template <class Find>
std::string Replaced(std::string_view text, Find find, std::string_view with) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = find(text, at);
    if (length == 0)
      out += text[at];
    else
      out += with;
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

}  // namespace

std::string Redact(std::string_view sentence) {
  const std::string unquoted = Replaced(sentence, QuotedAt, "(text)");
  const std::string without_uids = Replaced(unquoted, UidAt, "(UID)");
  return Replaced(without_uids, PathAt, "(path)");
}

}  // namespace parotis::intake
