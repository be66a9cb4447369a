// Bytes as text (RFC 4648 4).
#pragma once

#include <string>
#include <string_view>

namespace parotis::base {

std::string Base64(std::string_view bytes);

}  // namespace parotis::base
