#include "http/page_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/files.h"
#include "base/hash.h"

namespace parotis::http {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostBytes = 64 << 20;

std::string TypeOf(const fs::path& file) {
  static const std::map<std::string, const char*> kTypes = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".wasm", "application/wasm"},
      {".webmanifest", "application/manifest+json"},
      {".txt", "text/plain; charset=utf-8"},
  };
  const auto found = kTypes.find(file.extension().string());
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

}  // namespace

PageFiles::PageFiles(const fs::path& folder, const std::string& document) : document_(document) {
  if (folder.empty() || !fs::is_directory(folder)) return;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    if (entry.path().extension() == ".html" && entry.path().filename() != document) continue;
    File file{base::ReadFile(entry.path(), kMostBytes), TypeOf(entry.path()), ""};
    file.etag = "\"" + base::HashOf(file.content).substr(0, 32) + "\"";
    files_[entry.path().lexically_relative(folder).generic_string()] = std::move(file);
  }
}

std::optional<Response> PageFiles::Find(const Request& request) const {
  if (request.method != "GET") return std::nullopt;
  const std::string name = request.path.empty() ? document_ : fmt::format("{}", fmt::join(request.path, "/"));
  const auto found = files_.find(name);
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  const bool is_known = request.Header("if-none-match") == file.etag;
  Response response =
      is_known ? Response{.status = 304, .headers = {}, .body = {}} : Text(200, file.content, file.type);
  response.headers["etag"] = file.etag;
  const bool has_name_of_content = request.path.size() > 1 && request.path[0] == "assets";
  response.headers["cache-control"] = has_name_of_content ? "public, max-age=31536000, immutable" : "no-cache";
  return response;
}

}  // namespace parotis::http
