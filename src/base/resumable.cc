#include "base/resumable.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/files.h"

namespace parotis::base {

namespace fs = std::filesystem;

OutputLock::OutputLock(const fs::path& file, const std::string& busy) {
  CreateFolder(file.parent_path());
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    Throw(ErrorKind::kIo, fmt::format("cannot write to {}: {}; check space and permissions",
                                      file.parent_path().string(), std::generic_category().message(errno)));
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(descriptor_);
  Throw(ErrorKind::kUsage, busy);
}

OutputLock::~OutputLock() { ::close(descriptor_); }

bool IsLocked(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool is_locked = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return is_locked;
}

bool IsHalfWritten(const fs::path& file) { return file.filename().string().starts_with(".tmp-"); }

void RemoveHalfWritten(const fs::path& folder) {
  std::vector<fs::path> left;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && IsHalfWritten(entry.path())) left.push_back(entry.path());
  }
  for (const fs::path& file : left) fs::remove(file);
}

}  // namespace parotis::base
