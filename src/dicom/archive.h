// A .zip of DICOM files in place of a folder. Nothing is unpacked to disk: an entry is read into memory when it is
// wanted. An entry is named "study.zip!folder/file", in messages as everywhere else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace parotis::dicom {

struct ArchiveLimits {
  std::uint64_t entries = 200'000;
  std::uint64_t bytes = std::uint64_t{1} << 36;                // of all entries, unpacked
  std::uint64_t entry_bytes = std::uint64_t{1} << 31;          // of one
  std::uint64_t ratio = 200;                                   // unpacked to packed, of the whole archive …
  std::uint64_t bytes_worth_a_ratio = std::uint64_t{1} << 26;  // … once it unpacks to more than this
};

// By its first bytes.
bool LooksLikeArchive(const std::filesystem::path& path);

// The names of all files in the archive, sorted. Archives in archives are files like any other. Throws kRefused:
// archive_damaged; archive_encrypted; archive_unsafe for an absolute name, a name with .., a name twice, a link, or
// more than the limits allow. From then on the names can be read through ReadableFile, by any thread.
std::vector<std::filesystem::path> OpenArchive(const std::filesystem::path& path, const ArchiveLimits& limits = {});

// A file as the system can open it: itself, or, for an entry of an opened archive, its content in memory for as long as
// this lives. Throws kRefused (archive_damaged) when the entry is not what the archive says.
class ReadableFile {
 public:
  explicit ReadableFile(const std::filesystem::path& name);
  ~ReadableFile();
  ReadableFile(const ReadableFile&) = delete;
  ReadableFile& operator=(const ReadableFile&) = delete;
  const std::filesystem::path& name() const { return name_; }  // for messages
  const std::filesystem::path& path() const { return path_; }  // to open

 private:
  std::filesystem::path name_;
  std::filesystem::path path_;
  int descriptor_ = -1;
};

// Of a file or of an opened archive's entry; the largest number when it cannot be told.
std::uint64_t FileBytes(const std::filesystem::path& name);

}  // namespace parotis::dicom
