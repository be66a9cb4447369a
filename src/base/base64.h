// Bytes as text (RFC 4648).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parotis::base {

std::string Base64(std::string_view bytes);     // section 4
std::string Base64Url(std::string_view bytes);  // section 5, without padding: fits URLs, headers and cookies

// Strictly: no blanks, padded, unused bits zero; else nothing.
std::optional<std::string> Base64Decoded(std::string_view text);

}  // namespace parotis::base
