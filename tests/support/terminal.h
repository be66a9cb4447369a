// A program at a terminal of its own, and somebody who types.
#pragma once

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace parotis::test {

class Terminal {
 public:
  explicit Terminal(std::vector<std::string> command) {
    std::vector<char*> argv;
    argv.reserve(command.size() + 1);
    for (std::string& argument : command) argv.push_back(argument.data());
    argv.push_back(nullptr);
    process_ = ::forkpty(&descriptor_, nullptr, nullptr, nullptr);
    if (process_ == 0) {
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
  }
  ~Terminal() {
    ::close(descriptor_);
    if (process_ > 0) ::waitpid(process_, nullptr, 0);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // Reads until the program has said this since the last call; false when it ended or said nothing for long.
  bool Says(const std::string& text) {
    while (seen_.find(text, from_) == std::string::npos) {
      if (!ReadMore()) return false;
    }
    from_ = seen_.find(text, from_) + text.size();
    return true;
  }
  bool Type(const std::string& keys) {
    return ::write(descriptor_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size());
  }
  // Its exit code, −1 when a signal ended it.
  int Wait() {
    while (ReadMore()) continue;
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  const std::string& seen() const { return seen_; }  // all that was on the screen

 private:
  bool ReadMore() {
    constexpr int kLong_ms = 20'000;
    pollfd wait{.fd = descriptor_, .events = POLLIN, .revents = 0};
    if (::poll(&wait, 1, kLong_ms) <= 0) return false;
    char bytes[1024];
    const ssize_t count = ::read(descriptor_, bytes, sizeof bytes);
    if (count <= 0) return false;
    seen_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int descriptor_ = -1;
  pid_t process_ = -1;
  std::string seen_;
  std::size_t from_ = 0;
};

}  // namespace parotis::test
