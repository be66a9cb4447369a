// How far a study is, read from its folder while others write to it.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "experiment/pool.h"
#include "experiment/result.h"

namespace parotis::lab {

struct StudyState {
  std::string name;     // "": not known yet
  std::string problem;  // why there are no tasks, one sentence; "" when there are
  std::vector<experiment::Task> tasks;
  std::vector<experiment::TaskOutcome> outcomes;  // of each; those that run on another machine are seen to if its file
                                                  // system shares locks
  std::map<std::size_t, std::string> blocked;     // waiting tasks that cannot start, and why
  bool is_running = false;                        // any of them
  std::string complete;  // changes whenever a cross-validation was completed, or one of its tests done anew
};

// Remembers what is done, so that asking again costs little. Not for several threads at once.
class TaskStates {
 public:
  explicit TaskStates(std::filesystem::path runs) : runs_(std::move(runs)) {}
  StudyState Read();

 private:
  struct Known {
    std::filesystem::file_time_type written;
    double seconds = 0;
    std::string problem;
  };
  void ReadTask(const experiment::Task& task, StudyState& state);
  std::string CompleteOf(const StudyState& state) const;

  std::filesystem::path runs_;
  std::map<std::string, Known> results_;  // by folder
};

base::Json ToJson(const StudyState& state);

}  // namespace parotis::lab
