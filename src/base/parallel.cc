#include "base/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace parotis::base {

int AvailableThreads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void ParallelFor(std::int64_t count, int threads, const std::function<void(std::int64_t)>& body) {
  const auto workers = std::min<std::int64_t>(count, threads > 0 ? threads : AvailableThreads());
  if (workers <= 1) {
    for (std::int64_t i = 0; i < count; ++i) body(i);
    return;
  }
  std::atomic<std::int64_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto work = [&] {
    while (true) {
      const std::int64_t item = next++;
      if (item >= count) return;
      try {
        body(item);
      } catch (...) {
        const std::lock_guard lock(failure_mutex);
        if (!failure) failure = std::current_exception();
        next = count;
        return;
      }
    }
  };
  std::vector<std::jthread> pool;
  for (std::int64_t i = 0; i < workers; ++i) pool.emplace_back(work);
  pool.clear();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace parotis::base
