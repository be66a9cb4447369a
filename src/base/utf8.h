// UTF-8 as RFC 3629 has it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace parotis::base {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 0;  // in bytes; 0 when the text does not begin with one
};
// Of a text that is not empty.
CodePoint FirstCodePoint(std::string_view text);

// How many code points; absent when the text is not UTF-8 or has a control character (C0, C1 or DEL).
std::optional<std::size_t> PlainLength(std::string_view text);

// How many columns of a terminal the text takes: two for each East Asian wide or fullwidth character and for pictograms
// (Unicode Standard Annex 11), one for every other; bytes that are no UTF-8 count one each.
std::size_t ColumnsOf(std::string_view text);
// The longest beginning of whole characters that takes at most so many columns.
std::string_view FirstColumns(std::string_view text, std::size_t most);

}  // namespace parotis::base
