// The two ways in which a file of weights is refused. Both throw kRefused with their condition's code.
#pragma once

#include <string>
#include <string_view>

namespace parotis::weights {

// "name fact": what the file asks for is no weight, or it was made to exhaust its reader.
[[noreturn]] void Unsafe(const std::string& name, const std::string& fact);
// "name fact": damaged, truncated, contradictory, or of a kind that is not read.
[[noreturn]] void Damaged(const std::string& name, const std::string& fact);

// Text of a file as a message may quote it: at most 80 characters of printable ASCII, the rest as question marks.
std::string Quoted(std::string_view text);

}  // namespace parotis::weights
