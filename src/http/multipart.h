// multipart/related (RFC 2387), as DICOMweb uses it (PS3.18 8.6): parts in files, whatever their size.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "http/message.h"

namespace parotis::http {

struct Part {
  Headers headers;
  std::filesystem::path file;  // removed when the callback returns, unless it was moved away
};

// Reads `body`, whose Content-Type is given, and calls `take` for each part, in order; the parts are written into
// `folder`. Throws kInput when it is no well-formed multipart body (no boundary, no end, a header that is too long,
// more than `parts_limit`).
void ReadMultipart(const std::filesystem::path& body, const std::string& content_type,
                   const std::filesystem::path& folder, int parts_limit, const std::function<void(const Part&)>& take);

// The pieces of a multipart body; `content_type` receives the header's value, with a boundary that no part contains
// but by an accident of 128 random bits.
struct OutgoingPart {
  std::string type;  // of the content
  Piece content;
};
std::vector<Piece> WriteMultipart(const std::vector<OutgoingPart>& parts, const std::string& part_type,
                                  std::string& content_type);

}  // namespace parotis::http
