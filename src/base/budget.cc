#include "base/budget.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace parotis::base {

Budget::Share::Share(Budget& budget, std::int64_t bytes) : budget_(budget), bytes_(bytes) {
  std::unique_lock lock(budget_.mutex_);
  budget_.freed_.wait(lock, [&] { return budget_.held_ == 0 || budget_.held_ + bytes_ <= budget_.limit_; });
  budget_.held_ += bytes_;
}

Budget::Share::~Share() {
  {
    const std::lock_guard lock(budget_.mutex_);
    budget_.held_ -= bytes_;
  }
  budget_.freed_.notify_all();
}

std::int64_t PhysicalMemoryBytes() {
  std::int64_t bytes = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
  std::int64_t limit = 0;  // of cgroup v2; "max" reads as no number
  if (std::ifstream("/sys/fs/cgroup/memory.max") >> limit && limit > 0) bytes = std::min(bytes, limit);
  return bytes;
}

}  // namespace parotis::base
