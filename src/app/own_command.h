// The program's other commands, run beside this one as its children.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/child.h"

namespace parotis::app {

// The running program with these arguments.
std::vector<std::string> OwnCommand(const std::vector<std::string>& arguments);

// A command that runs until it is stopped, or this object goes.
class OwnProcess {
 public:
  // `what`: the subject of a sentence about it. Its output is appended to `log`. Throws kIo.
  OwnProcess(std::string what, const std::vector<std::string>& arguments, std::filesystem::path log);
  ~OwnProcess();
  OwnProcess(const OwnProcess&) = delete;
  OwnProcess& operator=(const OwnProcess&) = delete;

  // Throws kIo, naming the log, when it ended otherwise than well.
  bool HasEnded();
  // SIGTERM, and waits.
  void Stop();
  const std::filesystem::path& log() const { return log_; }

 private:
  const std::string what_;
  const std::filesystem::path log_;
  pid_t child_ = -1;  // −1: ended
};

// Runs it to its end and calls `meanwhile` now and then. False: `stop` came first, and ended it. Throws as HasEnded.
bool RunOwnCommand(const std::string& what, const std::vector<std::string>& arguments, const std::filesystem::path& log,
                   const std::atomic<bool>& stop, const std::function<void()>& meanwhile = {});

}  // namespace parotis::app
