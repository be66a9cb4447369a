#include "lab/task_states.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/resumable.h"
#include "experiment/run_task.h"

namespace parotis::lab {
namespace {

namespace fs = std::filesystem;
using base::Json;
using experiment::Task;
using experiment::TaskOutcome;
using experiment::TaskState;

const char* NameOf(TaskState state) {
  switch (state) {
    case TaskState::kDone: return "done";
    case TaskState::kRunning: return "running";
    case TaskState::kFailed: return "failed";
    case TaskState::kWaiting: break;
  }
  return "waiting";
}

void ReadStudy(const fs::path& runs, StudyState& state) {
  const fs::path tasks = runs / "tasks.json";
  if (!fs::exists(tasks)) {
    state.problem = fmt::format("{} holds no study yet; parotis study -d DATASET -s study.json -o {} begins one",
                                runs.string(), runs.filename().string());
    return;
  }
  const Json record = base::ReadJson(runs / "study.json");
  base::JsonObject object(record, (runs / "study.json").string());
  object.Object("study").Read("name", state.name);
  state.tasks = experiment::TasksFromJson(base::ReadJson(tasks), tasks.string());
}

}  // namespace

StudyState TaskStates::Read() {
  StudyState state;
  try {
    ReadStudy(runs_, state);
  } catch (const base::Error& error) {
    state.problem = error.message();
    return state;
  }
  base::Sha256 hash;
  for (const Task& task : state.tasks) {
    ReadTask(task, state);
    const auto known = results_.find(task.folder);
    if (known != results_.end())
      hash.Update(fmt::format("{} {}\n", task.folder, known->second.written.time_since_epoch().count()));
  }
  state.done = hash.Hex();
  return state;
}

void TaskStates::ReadTask(const Task& task, StudyState& state) {
  TaskOutcome& outcome = state.outcomes.emplace_back();
  const fs::path folder = runs_ / task.folder, result = folder / "result.json";
  std::error_code missing;
  const fs::file_time_type written = fs::last_write_time(result, missing);
  if (!missing) {
    const auto [known, is_new] = results_.try_emplace(task.folder);
    if (is_new || known->second.written != written) {
      known->second = {written, 0, ""};
      try {
        const std::optional<experiment::Result> read = experiment::ReadResult(folder);
        if (read) known->second.seconds = read->seconds;
      } catch (const base::Error& error) {
        known->second.problem = error.message();
      }
    }
    outcome = {known->second.problem.empty() ? TaskState::kDone : TaskState::kFailed, known->second.problem,
               known->second.seconds};
    return;
  }
  results_.erase(task.folder);
  if (base::IsLocked(folder / ".lock")) {
    outcome.state = TaskState::kRunning;
    return;
  }
  try {
    const std::optional<std::string> reason = experiment::FailureOf(folder);
    if (reason) outcome = {TaskState::kFailed, *reason, 0};
  } catch (const base::Error& error) {
    outcome = {TaskState::kFailed, error.message(), 0};
  }
}

Json ToJson(const StudyState& state) {
  Json tasks = Json::array();
  for (const Task& task : state.tasks) {
    const TaskOutcome& outcome = state.outcomes[task.index];
    tasks.push_back({{"index", task.index},
                     {"kind", experiment::NameOf(task.kind)},
                     {"variant", task.variant},
                     {"set", task.contrast_set},
                     {"repeat", task.repeat},
                     {"seed", task.seed},
                     {"folds", task.folds},
                     {"folder", task.folder},
                     {"state", NameOf(outcome.state)},
                     {"reason", outcome.reason},
                     {"seconds", outcome.seconds}});
  }
  return {{"name", state.name}, {"problem", state.problem}, {"tasks", std::move(tasks)}};
}

}  // namespace parotis::lab
