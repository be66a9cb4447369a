// Whole files, read with a limit and written so that a reader never sees half of one: to a temporary name in
// the same folder, synced, then renamed. A failed write leaves the old file as it was and no temporary behind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parotis::base {

// Throws kIo when the file cannot be read, kInput when it is larger than `limit_bytes`.
std::string ReadFile(const std::filesystem::path& path, std::uint64_t limit_bytes = std::uint64_t{1} << 32);

// Creates missing parent folders. Throws kIo and names what the system said ("No space left on device").
void WriteFile(const std::filesystem::path& path, std::string_view content);
void WriteFile(const std::filesystem::path& path, std::span<const std::byte> content);

// Writes a file piece by piece; it appears under its name only on Commit. Destroyed without Commit: no trace.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void Write(std::span<const std::byte> bytes);
  void Write(std::string_view bytes);
  void Commit();
  // For libraries that want to write the file themselves: close is theirs, then call Commit.
  const std::filesystem::path& temporary_path() const { return temporary_; }

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

// Several files of one folder that belong together: they are written aside, in a hidden folder within it, and take
// their names on Commit. Destroyed without Commit: the folder is as it was. Errors as WriteFile's.
class FilesTogether {
 public:
  explicit FilesTogether(std::filesystem::path folder);
  ~FilesTogether();
  FilesTogether(const FilesTogether&) = delete;
  FilesTogether& operator=(const FilesTogether&) = delete;

  std::filesystem::path For(const std::string& name);  // where to write the file of this name
  void Remove(const std::string& name);                // on Commit, if it is there
  void Commit();

 private:
  std::filesystem::path folder_;
  std::filesystem::path aside_;
  std::vector<std::string> written_, removed_;
};

// A read-only view of a file; the pages are shared with the system's cache.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

void CreateFolder(const std::filesystem::path& folder);

// Makes what was created, renamed or removed in that folder last, as far as its file system can.
void SyncFolder(const std::filesystem::path& folder);

}  // namespace parotis::base
