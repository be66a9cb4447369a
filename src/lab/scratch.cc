#include "lab/scratch.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <system_error>

#include "base/error.h"

namespace parotis::lab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "parotis-browse-";
constexpr const char* kUnnamed = "parotis-making-";  // until its lock is held
constexpr const char* kLock = ".lock";

// A link, and what others made or can look into, is nobody's business here: TMPDIR belongs to all.
bool IsOurs(const fs::path& folder) {
  struct stat facts{};
  return ::lstat(folder.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode) && facts.st_uid == ::geteuid() &&
         (facts.st_mode & 07777) == S_IRWXU;
}

void RemoveAbandoned(const fs::path& temporary) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(temporary, ignored)) {
    const fs::path& folder = entry.path();
    const bool is_named = folder.filename().string().starts_with(kName);
    if (is_named && IsOurs(folder) && !base::IsLocked(folder / kLock)) fs::remove_all(folder, ignored);
  }
}

[[noreturn]] void Refuse(const fs::path& folder) {
  base::Throw(base::ErrorKind::kIo, folder.string() + " cannot be made; check space and permissions, or set TMPDIR");
}

}  // namespace

// Only a folder whose lock is held has the name that others look for: none is taken for abandoned while it is made.
Scratch::Scratch(const fs::path& temporary) {
  RemoveAbandoned(temporary);
  std::string made = (temporary / kUnnamed).string() + "XXXXXX";
  if (::mkdtemp(made.data()) == nullptr) Refuse(made);
  lock_.emplace(fs::path(made) / kLock, made + " is in use");
  path_ = temporary / (kName + made.substr(made.size() - 6));
  std::error_code failed, ignored;
  fs::rename(made, path_, failed);
  if (!failed) return;
  fs::remove_all(made, ignored);
  Refuse(path_);
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace parotis::lab
