// A process that does one task and dies with whoever started it, however that one ends.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace parotis::experiment {

// Starts argv[0] (looked for on PATH) with its arguments; standard output and error are appended to `log`. The child is
// killed when the calling thread's process ends (prctl(2), PR_SET_PDEATHSIG): call it from the main thread. Throws kIo.
pid_t StartChild(const std::vector<std::string>& argv, const std::filesystem::path& log);

struct ChildEnd {
  bool well = false;  // exit code 0
  std::string how;    // "exit code 1", "killed by signal 9 (out of memory, or by hand)"
};
// Nothing while it runs.
std::optional<ChildEnd> EndOf(pid_t child);
// Waits for it.
ChildEnd WaitFor(pid_t child);

}  // namespace parotis::experiment
