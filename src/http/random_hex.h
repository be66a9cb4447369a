// Names that nobody can guess.
#pragma once

#include <string>

namespace parotis::http {

// 32 hexadecimal digits from the system's random source.
std::string RandomHex();

}  // namespace parotis::http
