#include "experiment/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <thread>

#include "base/child.h"
#include "base/error.h"
#include "base/log.h"
#include "experiment/result.h"
#include "experiment/run_task.h"
#include "experiment/study_line.h"

namespace parotis::experiment {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kLook{50};

class Pool {
 public:
  Pool(const Setting& setting, const PoolOptions& options, std::vector<TaskOutcome>& outcomes)
      : setting_(setting), options_(options), outcomes_(outcomes), line_(setting, options.workers) {}

  void Run() {
    while (true) {
      Reap();
      BlockWhatCannotStart();
      while (running_.size() < static_cast<std::size_t>(options_.workers) && StartNext()) continue;
      if (running_.empty()) break;
      line_.Show(outcomes_);
      std::this_thread::sleep_for(kLook);
    }
    line_.Finish(outcomes_);
  }

 private:
  bool AllNeedsAre(const Task& task, TaskState state) const {
    const std::vector<std::size_t> before = WaitsFor(task);
    return std::all_of(before.begin(), before.end(),
                       [&](std::size_t index) { return outcomes_[index].state == state; });
  }

  void BlockWhatCannotStart() {
    for (const Task& task : setting_.tasks) {
      TaskOutcome& outcome = outcomes_[task.index];
      if (outcome.state != TaskState::kWaiting) continue;
      if (const auto why = WhyBlocked(task, setting_.tasks, outcomes_)) outcome = {TaskState::kFailed, *why, 0};
    }
  }

  // What can be finished is, before further members are trained.
  bool StartNext() {
    for (const TaskKind kind : {TaskKind::kRun, TaskKind::kFinal, TaskKind::kMember}) {
      for (const Task& task : setting_.tasks) {
        if (task.kind != kind || outcomes_[task.index].state != TaskState::kWaiting) continue;
        if (!AllNeedsAre(task, TaskState::kDone)) continue;
        Start(task);
        return true;
      }
    }
    return false;
  }

  void Start(const Task& task) {
    const pid_t child = base::StartChild(options_.command(task), {.log = setting_.FolderOf(task) / "task.log"});
    running_[child] = task.index;
    outcomes_[task.index].state = TaskState::kRunning;
    line_.Started(task.index);
  }

  void Reap() {
    for (auto child = running_.begin(); child != running_.end();) {
      const std::optional<base::ChildEnd> end = base::EndOf(child->first);
      if (!end) {
        ++child;
        continue;
      }
      Ended(setting_.tasks[child->second], *end);
      child = running_.erase(child);
    }
  }

  // A process that was killed leaves none: it is left for it, so that whoever looks later finds it.
  static std::string ReasonOf(const fs::path& folder, const base::ChildEnd& end) {
    if (const auto left = FailureOf(folder)) return *left;
    const std::string reason =
        fmt::format("{}; see {}", end.well ? "it left no result" : end.how, (folder / "task.log").string());
    try {
      WriteFailure(folder, reason);
    } catch (const base::Error& error) {
      base::Warn("{}", error.what());
    }
    return reason;
  }

  void Ended(const Task& task, const base::ChildEnd& end) {
    const fs::path folder = setting_.FolderOf(task);
    TaskOutcome& outcome = outcomes_[task.index];
    if (const std::optional<Result> result = end.well ? ReadResult(folder) : std::nullopt) {
      outcome = {TaskState::kDone, "", result->seconds};
      return;
    }
    std::string reason = ReasonOf(folder, end);
    base::LogLine(base::LogLevel::kError, fmt::format("{}: {}", Describe(task), reason));
    outcome = {TaskState::kFailed, std::move(reason), 0};
  }

  const Setting& setting_;
  const PoolOptions& options_;
  std::vector<TaskOutcome>& outcomes_;
  std::map<pid_t, std::size_t> running_;
  StudyLine line_;
};

}  // namespace

std::vector<TaskOutcome> ExamineTasks(const Setting& setting) {
  std::vector<TaskOutcome> outcomes(setting.tasks.size());
  for (const Task& task : setting.tasks) {
    try {
      if (IsDone(setting, task))
        outcomes[task.index] = {TaskState::kDone, "", ReadResult(setting.FolderOf(task))->seconds};
    } catch (const base::Error& error) {
      outcomes[task.index] = {TaskState::kFailed, error.what(), 0};
    }
  }
  return outcomes;
}

std::optional<std::string> WhyBlocked(const Task& task, const std::vector<Task>& tasks,
                                      const std::vector<TaskOutcome>& outcomes) {
  std::optional<std::string> why;
  for (const std::size_t index : WaitsFor(task)) {
    if (outcomes[index].state == TaskState::kFailed) why = fmt::format("not started: {} failed", tasks[index].folder);
  }
  return why;
}

void RunPool(const Setting& setting, const PoolOptions& options, std::vector<TaskOutcome>& outcomes) {
  Pool(setting, options, outcomes).Run();
}

}  // namespace parotis::experiment
