#include "http/multipart.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "http/body_file.h"
#include "http/media_type.h"
#include "http/multipart_reader.h"
#include "http/random_hex.h"

namespace parotis::http {
namespace {

// RFC 2046 5.1.1.
bool IsBoundary(const std::string& text) {
  return !text.empty() && text.size() <= 70 && text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::string BoundaryOf(const std::string& content_type) {
  const auto media = ParseMediaType(content_type);
  if (!media || !media->type.starts_with("multipart/") || !media->parameters.contains("boundary") ||
      !IsBoundary(media->parameters.at("boundary"))) {
    base::Throw(base::ErrorKind::kInput,
                "the content type is not multipart with a boundary; send multipart/related; boundary=...");
  }
  return media->parameters.at("boundary");
}

void WritePart(BodyFile& file, std::string_view bytes) {
  if (const int failure = file.Write(bytes); failure != 0) {
    base::Throw(base::ErrorKind::kIo,
                fmt::format("cannot keep a part of the body: {}; free some space or check the folder's permissions",
                            std::generic_category().message(failure)));
  }
}

}  // namespace

void ReadMultipart(const std::filesystem::path& body, const std::string& content_type,
                   const std::filesystem::path& folder, int parts_limit, const std::function<void(const Part&)>& take) {
  MultipartReader reader(body, BoundaryOf(content_type));
  Part part;
  for (int parts = 1; reader.Next(part.headers); ++parts) {
    if (parts > parts_limit) {
      base::Throw(base::ErrorKind::kInput,
                  fmt::format("the body has more than {} parts; send them in several requests", parts_limit));
    }
    BodyFile file(folder);
    WritePart(file, {});
    reader.Content([&](std::string_view bytes) { WritePart(file, bytes); });
    part.file = file.path();
    take(part);
  }
}

std::vector<Piece> WriteMultipart(const std::vector<OutgoingPart>& parts, const std::string& part_type,
                                  std::string& content_type) {
  const std::string boundary = RandomHex();
  content_type = fmt::format("multipart/related; type=\"{}\"; boundary={}", part_type, boundary);
  std::vector<Piece> pieces;
  std::string before;
  for (const OutgoingPart& part : parts) {
    pieces.emplace_back(fmt::format("{}--{}\r\nContent-Type: {}\r\n\r\n", before, boundary, part.type));
    pieces.push_back(part.content);
    before = "\r\n";
  }
  pieces.emplace_back(fmt::format("{}--{}--\r\n", before, boundary));
  return pieces;
}

}  // namespace parotis::http
