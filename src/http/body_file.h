// The body of one request in a file of a name of ours, readable by us alone; it goes with the object.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace parotis::http {

class BodyFile {
 public:
  explicit BodyFile(std::filesystem::path folder);  // nothing is made before the first byte
  ~BodyFile();
  BodyFile(const BodyFile&) = delete;
  BodyFile& operator=(const BodyFile&) = delete;

  // 0, or errno of what failed; the file is gone then.
  int Write(std::string_view bytes);
  const std::filesystem::path& path() const { return path_; }  // "" before the first byte
  std::uint64_t bytes() const { return bytes_; }

 private:
  int Create();
  void Remove();

  std::filesystem::path folder_, path_;
  std::uint64_t bytes_ = 0;
  int descriptor_ = -1;
};

// Removes the bodies in `folder` that a killed process left there; those of living ones are locked, and stay.
void RemoveStrayBodies(const std::filesystem::path& folder);

}  // namespace parotis::http
