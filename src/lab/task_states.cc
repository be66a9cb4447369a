#include "lab/task_states.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

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

// The study's pool starts nothing that waits for what failed. A final model waits for the members of its runs, too: it
// is blocked by whatever blocks one of them.
void FindBlocked(StudyState& state) {
  for (const Task& task : state.tasks) {
    if (state.outcomes[task.index].state != TaskState::kWaiting) continue;
    if (const auto why = experiment::WhyBlocked(task, state.tasks, state.outcomes)) state.blocked[task.index] = *why;
  }
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
  for (const Task& task : state.tasks) ReadTask(task, state);
  FindBlocked(state);
  state.is_running = std::any_of(state.outcomes.begin(), state.outcomes.end(),
                                 [](const TaskOutcome& outcome) { return outcome.state == TaskState::kRunning; });
  state.complete = CompleteOf(state);
  return state;
}

std::string TaskStates::CompleteOf(const StudyState& state) const {
  std::map<std::string, std::string> tests;  // of each cross-validation, with when they were written
  std::set<std::string> incomplete;
  for (const Task& task : state.tasks) {
    if (task.kind != experiment::TaskKind::kRun) continue;
    const std::string whole = experiment::ResultsFolderOf(task);
    const auto known = results_.find(task.folder);
    if (known == results_.end())
      incomplete.insert(whole);
    else
      tests[whole] += fmt::format("{} {}\n", task.folder, known->second.written.time_since_epoch().count());
  }
  base::Sha256 hash;
  for (const auto& [whole, lines] : tests)
    if (!incomplete.contains(whole)) hash.Update(lines);
  return hash.Hex();
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
    const auto blocked = state.blocked.find(task.index);
    const bool is_blocked = blocked != state.blocked.end();
    tasks.push_back({{"index", task.index},
                     {"kind", experiment::NameOf(task.kind)},
                     {"variant", task.variant},
                     {"set", task.contrast_set},
                     {"repeat", task.repeat},
                     {"seed", task.seed},
                     {"folds", task.folds},
                     {"folder", task.folder},
                     {"state", is_blocked ? "blocked" : NameOf(outcome.state)},
                     {"reason", is_blocked ? blocked->second : outcome.reason},
                     {"seconds", outcome.seconds}});
  }
  return {{"name", state.name}, {"problem", state.problem}, {"tasks", std::move(tasks)}};
}

}  // namespace parotis::lab
