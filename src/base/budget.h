// Bounds what several threads hold at the same time, by an estimate of each one's need.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace parotis::base {

class Budget {
 public:
  explicit Budget(std::int64_t limit_bytes) : limit_(limit_bytes) {}

  // Held while it exists. Waits until the need fits beside what others hold; what never fits waits to be alone.
  class Share {
   public:
    Share(Budget& budget, std::int64_t bytes);
    ~Share();
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

   private:
    Budget& budget_;
    std::int64_t bytes_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  std::int64_t limit_;
  std::int64_t held_ = 0;
};

// Of the machine, or of the container when that is less.
std::int64_t PhysicalMemoryBytes();

}  // namespace parotis::base
