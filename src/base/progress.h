// Progress of a long task: a bar with the remaining time on a terminal, a plain line now and then otherwise.
// Thread-safe: workers may call Advance concurrently.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace parotis::base {

class Progress {
 public:
  // `total` steps of `label`; shows nothing while the log is silent or the total is zero.
  Progress(std::string label, std::int64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `note` is shown behind the bar ("loss 0.31, 54 img/s").
  void Advance(std::int64_t steps = 1, const std::string& note = {});
  void SetNote(const std::string& note);

 private:
  void DrawLocked(bool final);

  std::mutex mutex_;
  std::string label_;
  std::string note_;
  std::int64_t total_;
  std::int64_t done_ = 0;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_drawn_;
};

// "1 h 02 min", "3 min 20 s", "12 s".
std::string FormatDuration(double seconds);

}  // namespace parotis::base
