// How far a study is, on one line: done of total, running, the time that is left judged by the tasks that were
// measured.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include "experiment/setting.h"

namespace parotis::experiment {

struct TaskOutcome;

// Seconds until all is done on `workers` processes. A member takes what members took on average, a run or a final model
// what a prediction took in those that are done (none yet: 0); nothing before a member was measured. `predictions`: of
// each task, PredictionsOf. `elapsed_s`: of running tasks, by index.
std::optional<double> RemainingSeconds(const std::vector<Task>& tasks, const std::vector<std::size_t>& predictions,
                                       const std::vector<TaskOutcome>& outcomes,
                                       const std::map<std::size_t, double>& elapsed_s, int workers);

class StudyLine {
 public:
  StudyLine(const Setting& setting, int workers);
  void Started(std::size_t index);
  void Show(const std::vector<TaskOutcome>& outcomes);  // redraws now and then only
  void Finish(const std::vector<TaskOutcome>& outcomes);

 private:
  using Clock = std::chrono::steady_clock;

  const std::vector<Task>& tasks_;
  std::vector<std::size_t> predictions_;
  int workers_;
  Clock::time_point begun_, shown_;
  std::map<std::size_t, Clock::time_point> started_;
};

}  // namespace parotis::experiment
