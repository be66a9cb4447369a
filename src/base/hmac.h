// HMAC-SHA-256 (RFC 2104, FIPS 198-1): what only the holder of a key can compute, and nobody can turn back.
#pragma once

#include <string>
#include <string_view>

namespace parotis::base {

// 64 lower-case hexadecimal digits. Any length of key, also none.
std::string HmacSha256(std::string_view key, std::string_view text);

}  // namespace parotis::base
