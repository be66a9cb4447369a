// The processes that a node always has, started again when they end.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace parotis::service {

struct HelperEnd {
  std::string role;
  pid_t process = -1;
  std::string how;
};

class Helpers {
 public:
  // `command`: without " --role ROLE".
  explicit Helpers(std::vector<std::string> command) : command_(std::move(command)) {}

  void Add(const std::string& role, std::uint64_t data_bytes);
  // Starts those that are to run and do not; one that ends soon after its start waits longer every time.
  void StartMissing();
  std::vector<HelperEnd> Reap();
  void SignalAll(int signal) const;
  bool AnyRuns() const;
  std::uint64_t restarts() const { return restarts_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Helper {
    std::string role;
    std::uint64_t data_bytes = 0;
    pid_t process = -1;
    Clock::time_point started, not_before;
    int quick_ends = 0;
    bool ran = false;
  };
  const std::vector<std::string> command_;
  std::vector<Helper> helpers_;
  std::uint64_t restarts_ = 0;
};

}  // namespace parotis::service
