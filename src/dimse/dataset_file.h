// A dataset that arrives, in a file of a name of ours: bit for bit as it came, behind a head of ours. What goes wrong
// with the file, the disk that is full above all, is kept and told at the end, while the rest of the dataset is taken
// off the connection. Private to this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace parotis::dimse {

class DatasetFile {
 public:
  DatasetFile(const std::filesystem::path& folder, std::string_view head);
  // Removes the file unless it was given away.
  ~DatasetFile();
  DatasetFile(const DatasetFile&) = delete;
  DatasetFile& operator=(const DatasetFile&) = delete;

  void Append(std::span<const std::byte> bytes);
  // Writes it to the disk and closes it.
  void Finish();
  void GiveAway() { path_.clear(); }

  const std::filesystem::path& path() const { return path_; }
  // Why there is no whole file, as the system says it; empty when there is.
  const std::string& problem() const { return problem_; }

 private:
  void Note(const char* attempt);

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::string problem_;
};

}  // namespace parotis::dimse
