// A media type with its parameters (RFC 9110 8.3.1): multipart/related; type="application/dicom"; boundary=x
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace parotis::http {

struct MediaType {
  std::string type;                               // in lower case
  std::map<std::string, std::string> parameters;  // names in lower case; values without quotes
};

// Nothing when `text` is none, or names a parameter twice.
std::optional<MediaType> ParseMediaType(std::string_view text);

}  // namespace parotis::http
