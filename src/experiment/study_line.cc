#include "experiment/study_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/status_line.h"
#include "experiment/estimate.h"
#include "experiment/pool.h"

namespace parotis::experiment {
namespace {

constexpr std::chrono::milliseconds kRedrawOnTerminal{500};
constexpr std::chrono::seconds kRedrawElsewhere{60};

// Of members: what one took on average. Of runs and final models: what a prediction took. Nothing when none was
// measured.
class Pace {
 public:
  Pace(const std::vector<Task>& tasks, const std::vector<std::size_t>& predictions,
       const std::vector<TaskOutcome>& outcomes)
      : predictions_(predictions) {
    for (const Task& task : tasks) {
      if (outcomes[task.index].state != TaskState::kDone) continue;
      Sum& sum = task.kind == TaskKind::kMember ? members_ : joined_;
      sum.seconds += outcomes[task.index].seconds;
      sum.units += UnitsOf(task);
    }
  }
  std::optional<double> SecondsOf(const Task& task) const {
    const Sum& sum = task.kind == TaskKind::kMember ? members_ : joined_;
    if (sum.units == 0) return std::nullopt;
    return sum.seconds / sum.units * UnitsOf(task);
  }

 private:
  struct Sum {
    double seconds = 0, units = 0;
  };
  double UnitsOf(const Task& task) const {
    return task.kind == TaskKind::kMember ? 1 : static_cast<double>(predictions_[task.index]);
  }

  const std::vector<std::size_t>& predictions_;
  Sum members_, joined_;
};

// A further dataset that cannot be read ends the tasks that need it, not the line that says how far the study is.
std::vector<std::size_t> PredictionsWhereKnown(const Setting& setting) {
  try {
    return PredictionsOf(setting);
  } catch (const base::Error&) {
    return std::vector<std::size_t>(setting.tasks.size(), 0);
  }
}

std::ptrdiff_t Count(const std::vector<TaskOutcome>& outcomes, TaskState state) {
  return std::count_if(outcomes.begin(), outcomes.end(),
                       [&](const TaskOutcome& outcome) { return outcome.state == state; });
}

}  // namespace

std::optional<double> RemainingSeconds(const std::vector<Task>& tasks, const std::vector<std::size_t>& predictions,
                                       const std::vector<TaskOutcome>& outcomes,
                                       const std::map<std::size_t, double>& elapsed_s, int workers) {
  const Pace pace(tasks, predictions, outcomes);
  double all = 0, longest = 0;
  for (const Task& task : tasks) {
    const TaskState state = outcomes[task.index].state;
    if (state == TaskState::kDone || state == TaskState::kFailed) continue;
    const std::optional<double> takes = pace.SecondsOf(task);
    if (!takes && task.kind == TaskKind::kMember) return std::nullopt;
    const auto elapsed = elapsed_s.find(task.index);
    const double spent = state == TaskState::kRunning && elapsed != elapsed_s.end() ? elapsed->second : 0;
    const double left = std::max(0.0, takes.value_or(0) - spent);
    all += left;
    longest = std::max(longest, left);
  }
  return std::max(longest, all / workers);
}

StudyLine::StudyLine(const Setting& setting, int workers)
    : tasks_(setting.tasks), predictions_(PredictionsWhereKnown(setting)), workers_(workers), begun_(Clock::now()) {}

void StudyLine::Started(std::size_t index) { started_[index] = Clock::now(); }

void StudyLine::Show(const std::vector<TaskOutcome>& outcomes) {
  const Clock::time_point now = Clock::now();
  const auto interval = base::StderrIsTerminal() ? std::chrono::nanoseconds(kRedrawOnTerminal)
                                                 : std::chrono::nanoseconds(kRedrawElsewhere);
  if (now - shown_ < interval) return;
  shown_ = now;
  std::map<std::size_t, double> elapsed_s;
  for (const auto& [index, start] : started_) elapsed_s[index] = std::chrono::duration<double>(now - start).count();
  const std::optional<double> left = RemainingSeconds(tasks_, predictions_, outcomes, elapsed_s, workers_);
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
