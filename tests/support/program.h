// Runs the built program as a user's shell would and returns what it said.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "base/files.h"
#include "tests/support/temporary_folder.h"

namespace parotis::test {

struct Outcome {
  int exit_code = -1;  // −1 when a signal ended it
  std::string out;
  std::string err;
};

// A started program; its output goes to two files in a folder of its own.
class RunningProgram {
 public:
  explicit RunningProgram(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), PAROTIS_PROGRAM);
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, OutPath().c_str(), O_WRONLY | O_CREAT, 0600);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, ErrPath().c_str(), O_WRONLY | O_CREAT, 0600);
    posix_spawn(&process_, PAROTIS_PROGRAM, &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
  }

  pid_t process() const { return process_; }
  std::string OutPath() const { return (folder_.path() / "out").string(); }
  std::string ErrPath() const { return (folder_.path() / "err").string(); }

  Outcome Wait() {
    int status = 0;
    waitpid(process_, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, base::ReadFile(OutPath()), base::ReadFile(ErrPath())};
  }

 private:
  TemporaryFolder folder_;
  pid_t process_ = -1;
};

inline Outcome RunProgram(const std::vector<std::string>& arguments) { return RunningProgram(arguments).Wait(); }

}  // namespace parotis::test
