// Bytes as text (RFC 4648).
#pragma once

#include <string>
#include <string_view>

namespace parotis::base {

std::string Base64(std::string_view bytes);     // section 4
std::string Base64Url(std::string_view bytes);  // section 5, without padding: fits URLs, headers and cookies

}  // namespace parotis::base
