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

}  // namespace parotis::base
