#include "dicom/archive.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/conditions.h"
#include "base/error.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;

using Handle = std::unique_ptr<zip_t, decltype(&zip_discard)>;
using OpenEntry = std::unique_ptr<zip_file_t, decltype(&zip_fclose)>;

[[noreturn]] void Damaged(const std::string& name, const std::string& fact) {
  base::Refuse(base::Found("archive_damaged", fmt::format("{} {}", name, fact)));
}
[[noreturn]] void Unsafe(const std::string& name, const std::string& fact) {
  base::Refuse(base::Found("archive_unsafe", fmt::format("{} {}", name, fact)));
}

Handle OpenHandle(const fs::path& path) {
  int code = 0;
  Handle handle(zip_open(path.c_str(), ZIP_RDONLY, &code), &zip_discard);
  if (handle != nullptr) return handle;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string reason = CleanText(zip_error_strerror(&error));
  zip_error_fini(&error);
  Damaged(path.string(), fmt::format("cannot be opened as a zip archive ({})", reason));
}

struct Entry {
  zip_uint64_t index = 0;
  std::uint64_t bytes = 0;
};

// An opened archive. libzip's handles belong to one thread at a time, so readers borrow one each.
class Archive {
 public:
  Archive(fs::path path, const ArchiveLimits& limits) : path_(std::move(path)) {
    Handle handle = OpenHandle(path_);
    Examine(*handle, limits);
    handles_.push_back(std::move(handle));
  }

  const std::map<std::string, Entry>& entries() const { return entries_; }

  // Writes the entry's content to a file descriptor.
  void Copy(const std::string& name, int descriptor) {
    const auto found = entries_.find(name);
    if (found == entries_.end()) Damaged(NameOf(name), "is not in the archive");
    Handle handle = Borrow();
    const OpenEntry file(zip_fopen_index(handle.get(), found->second.index, 0), &zip_fclose);
    if (file == nullptr) Damaged(NameOf(name), fmt::format("cannot be unpacked ({})", zip_strerror(handle.get())));
    std::array<char, 1 << 16> buffer;
    std::uint64_t copied = 0;
    for (;;) {
      const zip_int64_t count = zip_fread(file.get(), buffer.data(), buffer.size());
      if (count < 0) Damaged(NameOf(name), "cannot be unpacked: its content and its checksum disagree");
      if (count == 0) break;
      copied += static_cast<std::uint64_t>(count);
      if (copied > found->second.bytes) break;
      Write(descriptor, buffer.data(), static_cast<std::size_t>(count));
    }
    if (copied != found->second.bytes) Damaged(NameOf(name), "is not as long as the archive says");
    const std::lock_guard lock(mutex_);
    handles_.push_back(std::move(handle));
  }

 private:
  std::string NameOf(const std::string& entry) const { return path_.string() + "!" + CleanText(entry); }

  Handle Borrow() {
    {
      const std::lock_guard lock(mutex_);
      if (!handles_.empty()) {
        Handle handle = std::move(handles_.back());
        handles_.pop_back();
        return handle;
      }
    }
    return OpenHandle(path_);
  }

  static void Write(int descriptor, const char* bytes, std::size_t count) {
    while (count > 0) {
      const ssize_t written = write(descriptor, bytes, count);
      if (written <= 0) base::Throw(base::ErrorKind::kIo, "there is not enough memory to unpack an archive's entry");
      bytes += written;
      count -= static_cast<std::size_t>(written);
    }
  }

  void Examine(zip_t& handle, const ArchiveLimits& limits) {
    const zip_int64_t count = zip_get_num_entries(&handle, 0);
    if (count < 0 || static_cast<std::uint64_t>(count) > limits.entries)
      Unsafe(path_.string(), fmt::format("holds {} entries; more than {} are not read", count, limits.entries));
    std::uint64_t packed = 0;
    std::uint64_t unpacked = 0;
    for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
      zip_stat_t stat;
      if (zip_stat_index(&handle, i, ZIP_FL_ENC_RAW, &stat) != 0 || (stat.valid & ZIP_STAT_NAME) == 0)
        Damaged(path_.string(), fmt::format("has an entry, number {}, that cannot be read", i + 1));
      const std::string name = stat.name;
      CheckEntry(handle, i, stat);
      unpacked += stat.size;
      packed += stat.comp_size;
      if (stat.size > limits.entry_bytes || unpacked > limits.bytes)
        Unsafe(NameOf(name), fmt::format("unpacks to more than is read ({} bytes, {} so far)", stat.size, unpacked));
      if (name.ends_with('/')) continue;
      if (!entries_.emplace(name, Entry{i, stat.size}).second) Unsafe(NameOf(name), "is there twice");
    }
    CheckSize(packed, unpacked, limits);
  }

  void CheckEntry(zip_t& handle, zip_uint64_t index, const zip_stat_t& stat) const {
    const std::string name = stat.name;
    const fs::path as_path(name);
    const bool leaves = std::any_of(as_path.begin(), as_path.end(), [](const fs::path& part) { return part == ".."; });
    const bool has_drive = name.size() > 1 && name[1] == ':';
    if (name.empty() || as_path.is_absolute() || has_drive || name.find('\\') != std::string::npos || leaves)
      Unsafe(NameOf(name), "has a name that leads out of its folder");
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(&handle, index, 0, &system, &attributes) == 0 && system == ZIP_OPSYS_UNIX) {
      const auto kind = attributes >> 16U & S_IFMT;
      if (kind != 0 && kind != S_IFREG && kind != S_IFDIR) Unsafe(NameOf(name), "is a link or a device, not a file");
    }
    constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if ((stat.valid & kNeeded) != kNeeded) Damaged(NameOf(name), "does not say how long it is");
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE)
      base::Refuse(base::Found("archive_encrypted", fmt::format("{} is encrypted", NameOf(name))));
    if (zip_compression_method_supported(stat.comp_method, 0) == 0)
      Damaged(NameOf(name), fmt::format("is packed by method {}, which is not known here", stat.comp_method));
  }

  // Entries that share bytes are how a small file unpacks to everything.
  void CheckSize(std::uint64_t packed, std::uint64_t unpacked, const ArchiveLimits& limits) const {
    std::error_code ignored;
    const std::uint64_t there = fs::file_size(path_, ignored);
    if (packed > there)
      Unsafe(path_.string(), fmt::format("holds entries that overlap: {} packed bytes in {}", packed, there));
    if (unpacked > limits.bytes_worth_a_ratio && unpacked / limits.ratio > packed)
      Unsafe(path_.string(),
             fmt::format("unpacks to {} times its size", unpacked / std::max<std::uint64_t>(packed, 1)));
  }

  fs::path path_;
  std::map<std::string, Entry> entries_;
  std::mutex mutex_;
  std::vector<Handle> handles_;
};

struct Registry {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<Archive>> archives;
};

Registry& Opened() {
  static Registry registry;
  return registry;
}

// The archive that `path` names an entry of, and the entry's name.
std::pair<std::shared_ptr<Archive>, std::string> Find(const std::string& path) {
  Registry& registry = Opened();
  const std::lock_guard lock(registry.mutex);
  for (std::size_t mark = path.find('!'); mark != std::string::npos; mark = path.find('!', mark + 1)) {
    const auto found = registry.archives.find(path.substr(0, mark));
    if (found != registry.archives.end()) return {found->second, path.substr(mark + 1)};
  }
  return {};
}

}  // namespace

bool LooksLikeArchive(const fs::path& path) {
  std::array<char, 4> bytes{};
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), bytes.size());
  const std::string_view start(bytes.data(), static_cast<std::size_t>(file.gcount()));
  return start == "PK\x03\x04" || start == "PK\x05\x06" || start == "PK\x07\x08";
}

std::vector<fs::path> OpenArchive(const fs::path& path, const ArchiveLimits& limits) {
  auto archive = std::make_shared<Archive>(path, limits);
  std::vector<fs::path> names;
  for (const auto& [name, entry] : archive->entries()) names.emplace_back(path.string() + "!" + name);
  Registry& registry = Opened();
  const std::lock_guard lock(registry.mutex);
  registry.archives[path.string()] = std::move(archive);
  return names;
}

ReadableFile::ReadableFile(const fs::path& name) : name_(name), path_(name) {
  const auto [archive, entry] = Find(name.string());
  if (archive == nullptr) return;
  descriptor_ = memfd_create("entry", MFD_CLOEXEC);
  if (descriptor_ < 0)
    base::Throw(base::ErrorKind::kIo, fmt::format("cannot open {}: too many open files", name.string()));
  path_ = fmt::format("/proc/self/fd/{}", descriptor_);
  try {
    archive->Copy(entry, descriptor_);
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

ReadableFile::~ReadableFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::uint64_t FileBytes(const fs::path& name) {
  const auto [archive, entry] = Find(name.string());
  std::error_code ignored;
  if (archive == nullptr) return fs::file_size(name, ignored);
  const auto found = archive->entries().find(entry);
  return found == archive->entries().end() ? std::numeric_limits<std::uint64_t>::max() : found->second.bytes;
}

}  // namespace parotis::dicom
