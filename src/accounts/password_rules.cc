// Which passwords are taken. A password is worth as many pieces as it takes to put it together of what is tried first.
#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>
#include <vector>

#include "accounts/password.h"
#include "base/text.h"
#include "base/utf8.h"
#include "parotis_common_passwords.h"

namespace parotis::accounts {
namespace {

// A word or a run along a row costs one, a few digits or signs beside them cost two; what costs no more than this is
// tried by everybody who guesses.
constexpr int kTooCheap = 4, kFillerCost = 2;
constexpr std::size_t kShortestRun = 3, kLongestFiller = 6;

struct Known {
  std::vector<std::string> words, rows;
};

const Known& CommonOnes() {
  static const Known known = [] {
    Known read;
    std::istringstream lines(kCommonPasswords);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with('#')) continue;
      std::istringstream words(line);
      const bool is_row = line.starts_with("row ");
      if (is_row) words.ignore(4);
      for (std::string word; words >> word;) (is_row ? read.rows : read.words).push_back(word);
    }
    const std::size_t rows = read.rows.size();
    for (std::size_t i = 0; i < rows; ++i) read.rows.emplace_back(read.rows[i].rbegin(), read.rows[i].rend());
    return read;
  }();
  return known;
}

// "p@ssw0rd" is a word, too.
bool LooksLike(char typed, char letter) {
  switch (typed) {
    case '0': return letter == 'o' || letter == typed;
    case '1':
    case '!':
    case '|': return letter == 'i' || letter == 'l' || letter == typed;
    case '3': return letter == 'e' || letter == typed;
    case '4':
    case '@': return letter == 'a' || letter == typed;
    case '5':
    case '$': return letter == 's' || letter == typed;
    case '7': return letter == 't' || letter == typed;
    case '8': return letter == 'b' || letter == typed;
    default: return typed == letter;
  }
}

bool Begins(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && std::equal(word.begin(), word.end(), text.begin(),
                                                  [](char letter, char typed) { return LooksLike(typed, letter); });
}

// How many signs at the beginning go along a row, or are the same one.
std::size_t RunLength(std::string_view text) {
  std::size_t longest = std::min(text.find_first_not_of(text[0]), text.size());
  for (const std::string& row : CommonOnes().rows) {
    const std::size_t start = row.find(text[0]);
    if (start == std::string::npos) continue;
    const auto [in_text, in_row] =
        std::mismatch(text.begin(), text.end(), row.begin() + static_cast<std::ptrdiff_t>(start), row.end());
    longest = std::max(longest, static_cast<std::size_t>(in_text - text.begin()));
  }
  return longest;
}

// How many bytes at the beginning are digits and signs.
std::size_t LeadingSigns(std::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(),
                                [](char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; });
  return static_cast<std::size_t>(end - text.begin());
}

// The least that pieces cost of which the text can be put together; more than kTooCheap when it cannot.
int CostOf(std::string_view text, const std::vector<std::string>& own_words) {
  std::vector<int> costs(text.size() + 1, kTooCheap + 1);
  costs[0] = 0;
  const bool has_letters = LeadingSigns(text) < text.size();  // a number alone is no filler
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    const auto reach = [&](std::size_t length, int cost) {
      costs[i + length] = std::min(costs[i + length], costs[i] + cost);
    };
    for (const auto* words : {&CommonOnes().words, &own_words}) {
      for (const std::string& word : *words)
        if (Begins(rest, word)) reach(word.size(), 1);
    }
    for (std::size_t length = kShortestRun; length <= RunLength(rest); ++length) reach(length, 1);
    const std::size_t filler = has_letters ? std::min(LeadingSigns(rest), kLongestFiller) : 0;
    for (std::size_t length = 1; length <= filler; ++length) reach(length, kFillerCost);
  }
  return costs.back();
}

// The same few signs over and over, twice and a half at least.
bool Repeats(std::string_view text) {
  for (std::size_t period = 1; period * 5 <= text.size() * 2; ++period) {
    if (text.substr(period) == text.substr(0, text.size() - period)) return true;
  }
  return false;
}

// The name and its parts, "anna" and "meyer" of "anna.meyer".
std::vector<std::string> WordsOf(const std::string& name) {
  std::vector<std::string> words = {name};
  std::string part;
  for (const char c : name + ".") {
    const bool inside = c != '.' && c != '_' && c != '-';
    if (inside) {
      part += c;
    } else if (part.size() >= kShortestRun) {
      words.push_back(std::exchange(part, ""));
    } else {
      part.clear();
    }
  }
  return words;
}

}  // namespace

std::string ProblemOfPassword(std::string_view password, std::string_view name) {
  static constexpr const char* kRemedy = "a few words that do not belong together are easy to remember";
  const auto characters = base::PlainLength(password);
  if (!characters) return "the password has a character that nobody can type: use letters, digits, signs and spaces";
  if (*characters < kFewestCharacters)
    return fmt::format("the password has {} characters and needs at least {}: {}", *characters, kFewestCharacters,
                       kRemedy);
  if (*characters > kMostCharacters)
    return fmt::format("the password has {} characters and may have at most {}", *characters, kMostCharacters);
  const std::string lower = base::AsciiLower(password);
  if (Repeats(lower) || CostOf(lower, {}) <= kTooCheap)
    return fmt::format("the password is one of those that are tried first: {}", kRemedy);
  if (!name.empty() && CostOf(lower, WordsOf(base::AsciiLower(name))) <= kTooCheap)
    return fmt::format("the password is little more than the user's name: {}", kRemedy);
  return "";
}

}  // namespace parotis::accounts
