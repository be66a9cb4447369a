// What a secret needs: random bytes that nobody can guess, and a comparison whose time betrays nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parotis::base {

// From the system's random source; at most 256. Throws kIo.
std::string RandomBytes(std::size_t count);

// Takes the same time wherever two texts of one length differ.
bool EqualSecrets(std::string_view one, std::string_view other);

}  // namespace parotis::base
