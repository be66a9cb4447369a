// Deadlines that hold whatever the code that reads or writes the connection is doing: a thread shuts the connection
// down when one has passed, and every call that waits on it fails at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace parotis::dimse {

class Watchdog {
 public:
  Watchdog();
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // The connection to shut down; it keeps a descriptor of its own, so that the caller may close theirs.
  void Watch(int connection);
  // Of everything, from now. `what`: what has not happened by then, "the association has not ended".
  void EndWithin(int seconds, const char* what);
  // Of the next step, from now; replaces the one before.
  void Within(int seconds, const char* what);
  // Between steps, when our side works.
  void Pause();
  // What had not happened, and after how long; empty when no deadline has passed.
  std::string Passed() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Deadline {
    Clock::time_point at = Clock::time_point::max();
    int seconds = 0;
    const char* what = "";
  };

  void Run();
  void Set(Deadline& deadline, int seconds, const char* what);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Deadline end_, step_;
  Clock::time_point wakes_ = Clock::time_point::max();
  std::string passed_;
  int connection_ = -1;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace parotis::dimse
