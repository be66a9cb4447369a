// A process that does one task and dies with whoever started it, however that one ends.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace parotis::base {

struct ChildOptions {
  std::filesystem::path log = {};  // standard output and error are appended to it; "" leaves them ours
  int hand_over = -1;              // this descriptor of ours is the child's descriptor 3
  std::uint64_t data_bytes = 0;    // most memory (RLIMIT_DATA; setrlimit(2)); 0: no limit of its own
};
inline constexpr int kHandedOver = 3;

// Starts argv[0] (looked for on PATH) with its arguments. The child has standard input empty, none of our other
// descriptors, and is killed when the calling thread's process ends (prctl(2), PR_SET_PDEATHSIG): call it from the main
// thread. Throws kIo.
pid_t StartChild(const std::vector<std::string>& argv, const ChildOptions& options);

struct ChildEnd {
  bool well = false;  // exit code 0
  std::string how;    // "exit code 1", "killed by signal 9 (out of memory, or by hand)"
};
// Nothing while it runs.
std::optional<ChildEnd> EndOf(pid_t child);
// Waits for it.
ChildEnd WaitFor(pid_t child);

}  // namespace parotis::base
