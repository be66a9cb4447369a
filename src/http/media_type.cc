#include "http/media_type.h"

#include <algorithm>

#include "base/text.h"

namespace parotis::http {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kEndsToken = " \t;=\",";

std::string_view TakeToken(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of(kEndsToken), text.size());
  const std::string_view token = text.substr(0, end);
  text.remove_prefix(end);
  return token;
}

// What stands between two quotes, its escapes resolved; nothing when the second one is missing.
std::optional<std::string> TakeQuoted(std::string_view& text) {
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    if (text[i] == '\\') ++i;
    if (i < text.size()) value += text[i];
  }
  return std::nullopt;
}

void SkipBlanks(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size())); }

}  // namespace

std::optional<MediaType> ParseMediaType(std::string_view text) {
  MediaType media;
  SkipBlanks(text);
  media.type = base::AsciiLower(TakeToken(text));
  const std::size_t slash = media.type.find('/');
  if (slash == 0 || slash >= media.type.size() - 1) return std::nullopt;
  for (SkipBlanks(text); !text.empty(); SkipBlanks(text)) {
    if (text.front() != ';') return std::nullopt;
    text.remove_prefix(1);
    SkipBlanks(text);
    if (text.empty() || text.front() == ';') continue;
    const std::string name = base::AsciiLower(TakeToken(text));
    if (name.empty() || !text.starts_with('=')) return std::nullopt;
    text.remove_prefix(1);
    const bool quoted = text.starts_with('"');
    auto value = quoted ? TakeQuoted(text) : std::optional(std::string(TakeToken(text)));
    if (!value || (!quoted && value->empty())) return std::nullopt;
    if (!media.parameters.emplace(name, std::move(*value)).second) return std::nullopt;
  }
  return media;
}

}  // namespace parotis::http
