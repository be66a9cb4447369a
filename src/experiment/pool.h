// The tasks of a study on this machine: a few processes at a time, each doing one task, so that a crash, or the kernel
// running out of memory, ends one task and not the study.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "experiment/setting.h"

namespace parotis::experiment {

enum class TaskState { kWaiting, kRunning, kDone, kFailed };

struct TaskOutcome {
  TaskState state = TaskState::kWaiting;  // at the end: kDone or kFailed
  std::string reason;                     // of a failure, one sentence
  double seconds = 0;                     // as its result says
};

// What is finished already, with its hashes checked; reasons of what cannot be used.
std::vector<TaskOutcome> ExamineTasks(const Setting& setting);

// Why a waiting task cannot start: what it waits for has failed; nothing otherwise. `outcomes`: of each of `tasks`.
std::optional<std::string> WhyBlocked(const Task& task, const std::vector<Task>& tasks,
                                      const std::vector<TaskOutcome>& outcomes);

struct PoolOptions {
  int workers = 1;
  // The program and its arguments that do the task, as if alone.
  std::function<std::vector<std::string>(const Task&)> command;
};

// Does what `outcomes` says is not done. A task starts when what it needs is done, runs first; one whose members failed
// is not started and says so. A failed task stops no other. One line tells how far the study is.
void RunPool(const Setting& setting, const PoolOptions& options, std::vector<TaskOutcome>& outcomes);

}  // namespace parotis::experiment
