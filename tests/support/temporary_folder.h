// A folder that a test may fill; it goes with the object.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace parotis::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "parotis-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The public data beside the checkout (../shared/data); empty when it is not there. Tests that want it skip then.
inline std::filesystem::path SharedData() {
  const auto folder = std::filesystem::path(PAROTIS_SOURCE_DIR) / ".." / "shared" / "data";
  return std::filesystem::is_directory(folder) ? folder : std::filesystem::path();
}

}  // namespace parotis::test
