#include "base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/error.h"

namespace parotis::base {
namespace {

[[noreturn]] void ThrowSystem(const std::filesystem::path& path, std::string_view what, int code) {
  const std::string reason = std::generic_category().message(code);
  std::string_view remedy = "check the path and its permissions";
  if (code == ENOSPC || code == EDQUOT) remedy = "free some space and run the command again";
  if (code == EFBIG) remedy = "raise the limit on the size of files (ulimit -f) and run the command again";
  if (code == ENOENT) remedy = "check the path";
  Throw(ErrorKind::kIo, fmt::format("{} {}: {}; {}", what, path.string(), reason, remedy));
}

void WriteAll(int descriptor, std::span<const std::byte> bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      ThrowSystem(path, "cannot write", errno);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

std::span<const std::byte> AsBytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

}  // namespace

std::string ReadFile(const std::filesystem::path& path, std::uint64_t limit_bytes) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) ThrowSystem(path, "cannot open", errno);
  const std::unique_ptr<const int, void (*)(const int*)> closer(&descriptor, [](const int* d) { ::close(*d); });
  struct stat info{};
  if (::fstat(descriptor, &info) != 0) ThrowSystem(path, "cannot examine", errno);
  if (S_ISDIR(info.st_mode))
    Throw(ErrorKind::kInput, fmt::format("{} is a folder, not a file; name a file", path.string()));
  std::string content;
  content.resize(static_cast<std::size_t>(std::max<off_t>(info.st_size, 0)));
  std::size_t filled = 0;
  while (true) {
    if (filled > limit_bytes) {
      Throw(ErrorKind::kInput, fmt::format("{} is larger than the {} bytes allowed here", path.string(), limit_bytes));
    }
    if (filled == content.size()) content.resize(std::max<std::size_t>(4096, content.size() + content.size() / 2));
    const ssize_t count = ::read(descriptor, content.data() + filled, content.size() - filled);
    if (count < 0) {
      if (errno == EINTR) continue;
      ThrowSystem(path, "cannot read", errno);
    }
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  content.resize(filled);
  return content;
}

void WriteFile(const std::filesystem::path& path, std::span<const std::byte> content) {
  AtomicFile file(path);
  file.Write(content);
  file.Commit();
}

void WriteFile(const std::filesystem::path& path, std::string_view content) { WriteFile(path, AsBytes(content)); }

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  static std::atomic<std::uint64_t> counter{0};
  if (path_.has_parent_path()) CreateFolder(path_.parent_path());
  // The whole name is kept at the end, so that libraries which look at the extension see the right one.
  temporary_ = path_.parent_path() / fmt::format(".tmp-{}-{}-{}", ::getpid(), counter++, path_.filename().string());
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) ThrowSystem(path_, "cannot create", errno);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::Write(std::span<const std::byte> bytes) { WriteAll(descriptor_, bytes, path_); }
void AtomicFile::Write(std::string_view bytes) { Write(AsBytes(bytes)); }

void AtomicFile::Commit() {
  if (::fsync(descriptor_) != 0) ThrowSystem(path_, "cannot write", errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) ThrowSystem(path_, "cannot put in place", errno);
  ::close(descriptor_);
  descriptor_ = -1;
  SyncFolder(path_.has_parent_path() ? path_.parent_path() : ".");
}

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) ThrowSystem(path, "cannot open", errno);
  struct stat info{};
  const int status = ::fstat(descriptor, &info);
  const int stat_error = errno;
  if (status != 0 || !S_ISREG(info.st_mode)) {
    ::close(descriptor);
    if (status != 0) ThrowSystem(path, "cannot examine", stat_error);
    Throw(ErrorKind::kInput, fmt::format("{} is not a regular file; name a file", path.string()));
  }
  size_ = static_cast<std::size_t>(info.st_size);
  if (size_ > 0) {
    void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
    const int map_error = errno;
    ::close(descriptor);
    if (address == MAP_FAILED) ThrowSystem(path, "cannot map", map_error);
    data_ = static_cast<const std::byte*>(address);
  } else {
    ::close(descriptor);
  }
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

void SyncFolder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

void CreateFolder(const std::filesystem::path& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) ThrowSystem(folder, "cannot create folder", code.value());
}

FilesTogether::FilesTogether(std::filesystem::path folder)
    : folder_(std::move(folder)), aside_(folder_ / fmt::format(".writing-{}", ::getpid())) {
  CreateFolder(aside_);
}

FilesTogether::~FilesTogether() {
  std::error_code ignored;
  std::filesystem::remove_all(aside_, ignored);
}

std::filesystem::path FilesTogether::For(const std::string& name) {
  written_.push_back(name);
  return aside_ / name;
}

void FilesTogether::Remove(const std::string& name) { removed_.push_back(name); }

void FilesTogether::Commit() {
  for (const std::string& name : removed_) {
    std::error_code code;
    std::filesystem::remove(folder_ / name, code);
    if (code) ThrowSystem(folder_ / name, "cannot remove", code.value());
  }
  for (const std::string& name : written_) {
    if (::rename((aside_ / name).c_str(), (folder_ / name).c_str()) != 0)
      ThrowSystem(folder_ / name, "cannot write", errno);
  }
  SyncFolder(folder_);
}

}  // namespace parotis::base
