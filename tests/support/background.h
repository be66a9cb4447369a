// A program that runs while a test does, and is gone with it.
#pragma once

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/child.h"
#include "tests/support/loopback.h"

namespace parotis::test {

class Background {
 public:
  Background(std::vector<std::string> command, std::filesystem::path log)
      : command_(std::move(command)), log_(std::move(log)) {
    Start();
  }
  ~Background() { Kill(); }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  void Start() { process_ = base::StartChild(command_, {.log = log_}); }
  void Kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    base::WaitFor(process_);
    process_ = -1;
  }
  // As an administrator does; its exit code, or why it has none.
  std::string Terminate() {
    ::kill(process_, SIGTERM);
    const base::ChildEnd end = base::WaitFor(process_);
    process_ = -1;
    return end.how;
  }
  pid_t process() const { return process_; }

 private:
  std::vector<std::string> command_;
  std::filesystem::path log_;
  pid_t process_ = -1;
};

// One that nobody listens on now.
inline std::uint16_t FreePort() {
  const Listener listener = ListenOnLoopback();
  ::close(listener.descriptor);
  return listener.port;
}

inline bool ListensOn(std::uint16_t port) {
  const std::optional<int> connection = ConnectToLoopback(port);
  if (connection) ::close(*connection);
  return connection.has_value();
}

// Whether it came true in time.
inline bool Eventually(const std::function<bool()>& is_true, double within_s = 60) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(within_s);
  while (std::chrono::steady_clock::now() < until) {
    if (is_true()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return is_true();
}

}  // namespace parotis::test
