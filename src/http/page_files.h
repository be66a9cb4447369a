// A page's own files, held in memory: what is not among them does not exist, whatever a path says.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "http/message.h"

namespace parotis::http {

class PageFiles {
 public:
  // Every file below `folder`; none when there is no such folder. `document` is the page, answered for "/"; other HTML
  // beside it belongs to other pages and is left out. Throws kIo.
  PageFiles(const std::filesystem::path& folder, const std::string& document);

  // Files below /assets/ have names of their content and may be kept for ever.
  std::optional<Response> Find(const Request& request) const;
  bool empty() const { return files_.empty(); }

 private:
  struct File {
    std::string content, type, etag;
  };
  std::string document_;
  std::map<std::string, File> files_;  // by "assets/index-1a2b.js"
};

}  // namespace parotis::http
