#include "intake/words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace parotis::intake {
namespace {

// Base letters of U+00C0 … U+00FF, the accented letters of western European languages.
constexpr std::string_view kFolded =
    "aaaaaaaceeeeiiii"
    "dnooooo ouuuuyts"
    "aaaaaaaceeeeiiii"
    "dnooooo ouuuuyty";

static_assert(kFolded.size() == 64);

// The lower-case, unaccented form of the character at the front, and how many bytes it took.
std::pair<std::string, std::size_t> Fold(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) {
    const char lower = first >= 'A' && first <= 'Z' ? static_cast<char>(first - 'A' + 'a') : text.front();
    return {std::string(1, lower), 1};
  }
  if (first == 0xC3 && text.size() > 1) {
    const auto index = static_cast<unsigned char>(text[1]) & 0x3FU;
    return {std::string(1, kFolded[index]), 2};
  }
  return {std::string(1, text.front()), 1};  // other scripts are compared byte by byte
}

// Chinese, Japanese and Korean are written without spaces: "T1增强" is two words. Their characters begin at U+2E80,
// in UTF-8 with a byte of 0xE2 (from 0xE2BA on) to 0xE9 or more.
bool BeginsCjk(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  return first >= 0xE3 || (first == 0xE2 && text.size() > 1 && static_cast<unsigned char>(text[1]) >= 0xBA);
}

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

Words::Words(std::initializer_list<std::string_view> texts) {
  for (std::string_view text : texts) {
    while (!text.empty()) {
      const auto [folded, taken] = Fold(text);
      text_ += folded;
      text.remove_prefix(taken);
    }
    text_ += ' ';
  }
  std::string word;
  for (std::size_t at = 0; at < text_.size(); ++at) {
    const char c = text_[at];
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    const bool cjk = !continues && BeginsCjk(std::string_view(text_).substr(at));
    if (!word.empty() && !continues && cjk != BeginsCjk(word)) words_.push_back(std::exchange(word, {}));
    if (IsWordCharacter(c)) {
      word += c;
    } else if (!word.empty()) {
      words_.push_back(std::exchange(word, {}));
    }
  }
}

bool Words::Has(std::string_view word) const { return std::find(words_.begin(), words_.end(), word) != words_.end(); }

bool Words::HasStem(std::string_view stem) const {
  return std::any_of(words_.begin(), words_.end(), [&](const std::string& word) { return word.starts_with(stem); });
}

bool Words::Contains(std::string_view part) const { return text_.find(part) != std::string::npos; }

bool Words::HasAny(std::initializer_list<std::string_view> words) const {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return Has(word); });
}

bool Words::HasAnyStem(std::initializer_list<std::string_view> stems) const {
  return std::any_of(stems.begin(), stems.end(), [&](std::string_view stem) { return HasStem(stem); });
}

bool Words::ContainsAny(std::initializer_list<std::string_view> parts) const {
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return Contains(part); });
}

}  // namespace parotis::intake
