#include "base/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include "base/error.h"
#include "base/files.h"

namespace parotis::base {
namespace {

constexpr int kCannotStart = 127;

// Between fork and exec only what is safe after a fork.
[[noreturn]] void Become(char* const* argv, int log, const ChildOptions& options, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kCannotStart);  // it ended before prctl
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  if (log >= 0) {
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
  }
  unsigned first_closed = kHandedOver;
  if (options.hand_over >= 0) {
    if (options.hand_over == kHandedOver) {
      ::fcntl(kHandedOver, F_SETFD, 0);
    } else {
      ::dup2(options.hand_over, kHandedOver);
    }
    ++first_closed;
  }
  ::close_range(first_closed, ~0U, 0);
  if (options.data_bytes > 0) {
    const rlimit limit{options.data_bytes, options.data_bytes};
    ::setrlimit(RLIMIT_DATA, &limit);
  }
  ::execvp(argv[0], argv);
  ::_exit(kCannotStart);
}

ChildEnd Read(int status) {
  if (!WIFSIGNALED(status)) return {WEXITSTATUS(status) == 0, fmt::format("exit code {}", WEXITSTATUS(status))};
  const int signal = WTERMSIG(status);
  return {false, fmt::format("killed by signal {} ({})", signal,
                             signal == SIGKILL ? "out of memory, or by hand" : strsignal(signal))};
}

}  // namespace

pid_t StartChild(const std::vector<std::string>& argv, const ChildOptions& options) {
  int log = -1;
  if (!options.log.empty()) {
    CreateFolder(options.log.parent_path());
    log = ::open(options.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  }
  std::vector<char*> pointers;
  pointers.reserve(argv.size() + 1);
  for (const std::string& argument : argv) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = !options.log.empty() && log < 0 ? -1 : ::fork();
  if (child == 0) Become(pointers.data(), log, options, parent);
  const int failed = errno;
  if (log >= 0) ::close(log);
  if (child < 0) {
    const std::string with_log = options.log.empty() ? "" : " with its log " + options.log.string();
    Throw(ErrorKind::kIo,
          fmt::format("cannot start {}{}: {}", argv[0], with_log, std::generic_category().message(failed)));
  }
  return child;
}

std::optional<ChildEnd> EndOf(pid_t child) {
  int status = 0;
  const pid_t ended = ::waitpid(child, &status, WNOHANG);
  if (ended == 0 || (ended < 0 && errno == EINTR)) return std::nullopt;
  return ended < 0 ? ChildEnd{false, "lost"} : Read(status);
}

ChildEnd WaitFor(pid_t child) {
  int status = 0;
  pid_t ended = -1;
  do {
    ended = ::waitpid(child, &status, 0);
  } while (ended < 0 && errno == EINTR);
  return ended < 0 ? ChildEnd{false, "lost"} : Read(status);
}

}  // namespace parotis::base
