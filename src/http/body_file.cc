#include "http/body_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "http/random_hex.h"

namespace parotis::http {
namespace {

constexpr std::string_view kPrefix = "http-body-";

}  // namespace

BodyFile::BodyFile(std::filesystem::path folder) : folder_(std::move(folder)) {}

BodyFile::~BodyFile() { Remove(); }

int BodyFile::Create() {
  path_ = folder_ / (std::string(kPrefix) + RandomHex());
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor_ < 0) {
    path_.clear();
    return errno;
  }
  return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
}

int BodyFile::Write(std::string_view bytes) {
  int failure = descriptor_ < 0 ? Create() : 0;
  while (failure == 0 && !bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
      bytes_ += static_cast<std::uint64_t>(written);
    } else if (errno != EINTR) {
      failure = errno;
    }
  }
  if (failure != 0) Remove();
  return failure;
}

void BodyFile::Remove() {
  if (!path_.empty()) ::unlink(path_.c_str());
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  path_.clear();
  bytes_ = 0;
}

void RemoveStrayBodies(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (!entry.path().filename().string().starts_with(kPrefix)) continue;
    const int descriptor = ::open(entry.path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) continue;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) ::unlink(entry.path().c_str());
    ::close(descriptor);
  }
}

}  // namespace parotis::http
