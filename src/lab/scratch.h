// A folder for temporary files that goes with the program. What a killed program left, patients' images, goes when the
// next one of the same user starts.
#pragma once

#include <filesystem>
#include <optional>

#include "base/resumable.h"

namespace parotis::lab {

class Scratch {
 public:
  // Makes it below `temporary`, for this user alone, after removing this user's that no process holds. Throws kIo.
  explicit Scratch(const std::filesystem::path& temporary);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::optional<base::OutputLock> lock_;
};

}  // namespace parotis::lab
