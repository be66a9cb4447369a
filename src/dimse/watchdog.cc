#include "dimse/watchdog.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace parotis::dimse {

Watchdog::Watchdog() : thread_([this] { Run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_one();
  thread_.join();
  if (connection_ >= 0) close(connection_);
}

void Watchdog::Watch(int connection) {
  const std::lock_guard lock(mutex_);
  if (connection_ >= 0) close(connection_);
  connection_ = fcntl(connection, F_DUPFD_CLOEXEC, 0);
  if (!passed_.empty()) shutdown(connection_, SHUT_RDWR);
}

void Watchdog::EndWithin(int seconds, const char* what) { Set(end_, seconds, what); }

void Watchdog::Within(int seconds, const char* what) { Set(step_, seconds, what); }

void Watchdog::Pause() {
  const std::lock_guard lock(mutex_);
  step_ = {};
}

std::string Watchdog::Passed() const {
  const std::lock_guard lock(mutex_);
  return passed_;
}

void Watchdog::Set(Deadline& deadline, int seconds, const char* what) {
  const std::lock_guard lock(mutex_);
  deadline = {Clock::now() + std::chrono::seconds(seconds), seconds, what};
  // A later deadline need not wake the thread: it looks again when the earlier one has come.
  if (deadline.at < wakes_) changed_.notify_one();
}

void Watchdog::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_ && passed_.empty()) {
    const Deadline& next = end_.at < step_.at ? end_ : step_;
    if (next.at <= Clock::now()) {
      passed_ = fmt::format("{} within {} s", next.what, next.seconds);
      if (connection_ >= 0) shutdown(connection_, SHUT_RDWR);
    } else if (next.at == Clock::time_point::max()) {
      wakes_ = next.at;
      changed_.wait(lock);
    } else {
      wakes_ = next.at;
      changed_.wait_until(lock, wakes_);
    }
  }
}

}  // namespace parotis::dimse
