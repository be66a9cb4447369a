// The page's own files, held in memory: what is not among them does not exist, whatever a path says.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "http/message.h"

namespace parotis::page {

class Files {
 public:
  // Every file below `folder`; none when there is no such folder. Throws kIo.
  explicit Files(const std::filesystem::path& folder);

  // "/" is index.html. Files below /assets/ have names of their content and may be kept for ever.
  std::optional<http::Response> Find(const http::Request& request) const;
  bool empty() const { return files_.empty(); }

 private:
  struct File {
    std::string content, type, etag;
  };
  std::map<std::string, File> files_;  // by "assets/index-1a2b.js"
};

}  // namespace parotis::page
