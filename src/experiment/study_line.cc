#include "experiment/study_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "base/progress.h"
#include "base/status_line.h"
#include "experiment/pool.h"

namespace parotis::experiment {
namespace {

constexpr std::chrono::milliseconds kRedrawOnTerminal{500};
constexpr std::chrono::seconds kRedrawElsewhere{60};

// Of the tasks of one kind that were measured; nothing when none was.
std::optional<double> MeanSeconds(const std::vector<Task>& tasks, const std::vector<TaskOutcome>& outcomes,
                                  TaskKind kind) {
  double sum = 0;
  int count = 0;
  for (const Task& task : tasks) {
    if (task.kind != kind || outcomes[task.index].state != TaskState::kDone) continue;
    sum += outcomes[task.index].seconds;
    ++count;
  }
  return count == 0 ? std::nullopt : std::optional(sum / count);
}

std::ptrdiff_t Count(const std::vector<TaskOutcome>& outcomes, TaskState state) {
  return std::count_if(outcomes.begin(), outcomes.end(),
                       [&](const TaskOutcome& outcome) { return outcome.state == state; });
}

}  // namespace

std::optional<double> RemainingSeconds(const std::vector<Task>& tasks, const std::vector<TaskOutcome>& outcomes,
                                       const std::map<std::size_t, double>& elapsed_s, int workers) {
  double left = 0;
  for (const TaskKind kind : {TaskKind::kMember, TaskKind::kRun, TaskKind::kFinal}) {
    const std::optional<double> mean = MeanSeconds(tasks, outcomes, kind);
    for (const Task& task : tasks) {
      const TaskState state = outcomes[task.index].state;
      if (task.kind != kind || state == TaskState::kDone || state == TaskState::kFailed) continue;
      if (!mean && kind == TaskKind::kMember) return std::nullopt;
      const auto elapsed = elapsed_s.find(task.index);
      const double spent = state == TaskState::kRunning && elapsed != elapsed_s.end() ? elapsed->second : 0;
      left += std::max(0.0, mean.value_or(0) - spent);
    }
  }
  return left / workers;
}

StudyLine::StudyLine(const std::vector<Task>& tasks, int workers)
    : tasks_(tasks), workers_(workers), begun_(Clock::now()) {}

void StudyLine::Started(std::size_t index) { started_[index] = Clock::now(); }

void StudyLine::Show(const std::vector<TaskOutcome>& outcomes) {
  const Clock::time_point now = Clock::now();
  const auto interval = base::StderrIsTerminal() ? std::chrono::nanoseconds(kRedrawOnTerminal)
                                                 : std::chrono::nanoseconds(kRedrawElsewhere);
  if (now - shown_ < interval) return;
  shown_ = now;
  std::map<std::size_t, double> elapsed_s;
  for (const auto& [index, start] : started_) elapsed_s[index] = std::chrono::duration<double>(now - start).count();
  const std::optional<double> left = RemainingSeconds(tasks_, outcomes, elapsed_s, workers_);
  const auto failed = Count(outcomes, TaskState::kFailed);
  const std::string text =
      fmt::format("study: {} of {} tasks done, {} running{}, {}", Count(outcomes, TaskState::kDone), tasks_.size(),
                  Count(outcomes, TaskState::kRunning), failed > 0 ? fmt::format(", {} failed", failed) : "",
                  left ? base::FormatDuration(*left) + " left" : "time left known after the first member");
  base::StderrIsTerminal() ? base::SetStatusLine(text) : base::Info("{}", text);
}

void StudyLine::Finish(const std::vector<TaskOutcome>& outcomes) {
  if (base::StderrIsTerminal()) base::SetStatusLine("");
  base::Info("study: {} of {} tasks done, {} failed, in {}", Count(outcomes, TaskState::kDone), tasks_.size(),
             Count(outcomes, TaskState::kFailed),
             base::FormatDuration(std::chrono::duration<double>(Clock::now() - begun_).count()));
}

}  // namespace parotis::experiment
