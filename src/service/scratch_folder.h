// A folder for what one request or one answer is made of; it goes with the object.
#pragma once

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/files.h"

namespace parotis::service {

class ScratchFolder {
 public:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) { base::CreateFolder(path_); }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace parotis::service
