// Bytes as text (RFC 4648 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parotis::base {

std::string Base64(std::string_view bytes);

// Strictly: no blanks, padded, unused bits zero; else nothing.
std::optional<std::string> Base64Decoded(std::string_view text);

}  // namespace parotis::base
