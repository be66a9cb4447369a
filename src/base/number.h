// Numbers from text.
#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace parotis::base {

// The whole text as a number (decimal; infinity and NaN are numbers of a floating type). Nothing when it holds anything
// else, a blank or a leading plus included, or when the number is out of T's range.
template <class T>
std::optional<T> NumberFrom(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

inline std::optional<double> FiniteNumberFrom(std::string_view text) {
  const auto number = NumberFrom<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

// A column of a table, its empty cells left out. Empty when a cell holds anything but a finite number: the column is
// words then.
inline std::vector<double> FiniteNumbersFrom(const std::vector<std::string>& column) {
  std::vector<double> numbers;
  for (const std::string& cell : column) {
    if (cell.empty()) continue;
    const auto number = FiniteNumberFrom(cell);
    if (!number) return {};
    numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace parotis::base
