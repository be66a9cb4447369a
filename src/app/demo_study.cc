#include "app/demo_study.h"

#include <algorithm>
#include <optional>

#include "app/contrast_study.h"
#include "app/own_command.h"
#include "app/page_folder.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/log.h"
#include "base/progress.h"
#include "lab/task_states.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr std::uint64_t kSeed = 881000;  // of patients that the shipped weights have not seen
constexpr int kFolds = 2;

bool HoldsPatients(const fs::path& folder, int patients) {
  try {
    return dataset::OpenDataset(folder).cases.size() == static_cast<std::size_t>(patients);
  } catch (const base::Error&) {
    return false;
  }
}

// What is there is of other networks than those that are wanted now.
bool IsAnother(const fs::path& plan, int iterations) {
  return base::ReadJson(plan).at("optimiser").at("iterations").get<int>() != iterations;
}

// As the rules made it, but for what would take long: half the batch, and few iterations.
void MakeSmall(Json& plan, int iterations) {
  Json& batch = plan["batch"];
  int size = 0;
  for (Json& share : batch["quota"]) {
    share = std::max(1, share.get<int>() / 2);
    size += share.get<int>();
  }
  batch["size"] = size > 0 ? size : std::max(1, batch["size"].get<int>() / 2);
  plan["optimiser"]["iterations"] = iterations;
  plan["optimiser"]["warmup_iterations"] = iterations / 6;
}

}  // namespace

DemoStudy::DemoStudy(DemoStudyOptions options) : options_(std::move(options)) {}

bool DemoStudy::Begin(const std::atomic<bool>& stop) {
  if (!SimulateCohort(stop) || !WriteStudy(stop)) return false;
  dataset_ = std::make_unique<dataset::Dataset>(dataset::OpenDataset(Of("cohort")));
  page_ = std::make_unique<lab::Lab>(
      lab::LabOptions{.runs = Of("runs"), .dataset = *dataset_, .files = PageFolder(), .read_study = [this] {
                        return ReadContrastStudy(Of("runs"), dataset_.get());
                      }});
  return true;
}

bool DemoStudy::SimulateCohort(const std::atomic<bool>& stop) {
  if (HoldsPatients(Of("cohort"), options_.patients)) return true;
  for (const char* name : {"cohort", "study.json"}) fs::remove_all(Of(name));
  base::Info("simulating {} patients for a small study", options_.patients);
  return RunOwnCommand("the simulation of the study's patients",
                       {"simulate", "-q", "-o", Of("cohort").string(), "--n", std::to_string(options_.patients),
                        "--seed", std::to_string(kSeed)},
                       Of("study.log"), stop);
}

bool DemoStudy::WriteStudy(const std::atomic<bool>& stop) {
  if (fs::exists(Of("study.json")) && !IsAnother(Of("plan.json"), options_.iterations)) return true;
  for (const char* name : {"study.json", "runs"}) fs::remove_all(Of(name));
  base::CreateFolder(Of("runs"));
  if (!RunOwnCommand("the plan of the study",
                     {"plan", "-q", "-d", Of("cohort").string(), "-o", Of("plan.json").string()}, Of("study.log"),
                     stop))
    return false;
  Json plan = base::ReadJson(Of("plan.json"));
  MakeSmall(plan, options_.iterations);
  base::WriteJson(Of("plan.json"), plan);
  Json study = {{"name", "demo"},
                {"plan", "plan.json"},
                {"contrast_sets", {"t2", "structural", "diffusion"}},
                {"selection", "fixed"},
                {"folds", kFolds}};
  if (!options_.weights.empty()) study["from"] = fs::absolute(options_.weights).string();
  base::WriteJson(Of("study.json"), study);
  return true;
}

bool DemoStudy::Finish(const std::atomic<bool>& stop) {
  lab::TaskStates tasks(Of("runs"));
  std::optional<base::Progress> progress;
  std::int64_t shown = 0;
  const auto show = [&] {
    const lab::StudyState state = tasks.Read();
    if (state.tasks.empty()) return;
    if (!progress) progress.emplace("study", static_cast<std::int64_t>(state.tasks.size()));
    const std::int64_t done = std::count_if(state.outcomes.begin(), state.outcomes.end(), [](const auto& outcome) {
      return outcome.state == experiment::TaskState::kDone;
    });
    if (done > shown) progress->Advance(done - shown);
    shown = std::max(shown, done);
  };
  return RunOwnCommand(
      "the study",
      {"study", "-q", "-d", Of("cohort").string(), "-s", Of("study.json").string(), "-o", Of("runs").string()},
      Of("study.log"), stop, show);
}

}  // namespace parotis::app
