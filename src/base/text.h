// ASCII text as files' headers use it: the same in every locale; bytes above 127 stay as they are.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace parotis::base {

inline constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";

// `text` without `padding` at either end.
std::string_view Trimmed(std::string_view text, std::string_view padding = kWhiteSpace);

// What lies between the separators, empty parts too; one part of a text without any. The parts are the text's own
// bytes: a string that is gone before they are read is refused.
std::vector<std::string_view> PartsOf(std::string_view text, char separator);
template <std::same_as<std::string> Text>
void PartsOf(Text&& text, char separator) = delete;

constexpr char AsciiLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char AsciiUpper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
std::string AsciiLower(std::string_view text);
std::string AsciiUpper(std::string_view text);

}  // namespace parotis::base
