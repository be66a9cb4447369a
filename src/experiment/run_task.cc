#include "experiment/run_task.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <thread>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/resumable.h"
#include "evaluate/summary.h"
#include "experiment/decision.h"
#include "experiment/guard.h"
#include "experiment/result.h"
#include "plan/bundle_info.h"

namespace parotis::experiment {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr int kLockTries = 100;  // a killed task's process may take a moment to go
constexpr std::chrono::milliseconds kLockPause{100};

std::unique_ptr<base::OutputLock> LockFolder(const fs::path& folder) {
  for (int attempt = 1;; ++attempt) {
    try {
      return std::make_unique<base::OutputLock>(
          folder / ".lock", fmt::format("another process is at work in {}; wait for it to end", folder.string()));
    } catch (const base::Error& error) {
      if (error.kind() != base::ErrorKind::kUsage || attempt == kLockTries) throw;
      std::this_thread::sleep_for(kLockPause);
    }
  }
}

std::string NameOf(const Setting& setting, const Task& task) {
  return fmt::format("{}-{}-{}-repeat{}-seed{}-{}{}", setting.study.name, task.variant, task.contrast_set, task.repeat,
                     task.seed, task.kind == TaskKind::kRun ? "fold" : "without", fmt::join(task.folds, "-"));
}

// What a run did, step by step; begun anew with the run.
class RunLog {
 public:
  explicit RunLog(const fs::path& path) : stream_(path, std::ios::trunc) {}
  void Add(const Json& line) { stream_ << line.dump() << std::endl; }

 private:
  std::ofstream stream_;
};

void DoMember(const Setting& setting, const Task& task, const Steps& steps) {
  const fs::path folder = setting.FolderOf(task);
  const Folds& folds = setting.FoldsOf(task);
  steps.train({&setting, setting.PlanOf(task), task.contrast_set, TrainingCases(folds, task.folds), task.seed,
               setting.VariantOf(task).from, NameOf(setting, task), folder});
  if (setting.study.selection == Selection::kFixed) return;
  std::vector<std::string> cases;
  for (const int fold : task.folds)
    cases.insert(cases.end(), HeldOutCases(folds, fold).begin(), HeldOutCases(folds, fold).end());
  steps.predict({&setting, folder / "model.safetensors", setting.dataset.folder, cases, /*candidates=*/true,
                 folder / "predictions"});
}

// Paths are written as seen from the file and from the dataset: a study may be moved, and two of them compared.
void Evaluate(const Setting& setting, const dataset::Dataset& dataset, const std::vector<std::string>& cases,
              const std::string& name, const fs::path& folder) {
  evaluate::EvaluationRequest request;
  request.predictions = folder / "predictions";
  request.case_ids = cases;
  request.name = name;
  request.threads = setting.computing.threads;
  evaluate::Evaluation evaluation = evaluate::EvaluateFolder(dataset, request);
  if (!evaluation.left_out.empty()) {
    base::Throw(base::ErrorKind::kInput, fmt::format("the case {} cannot be evaluated: {}",
                                                     evaluation.left_out[0].case_id, evaluation.left_out[0].reason));
  }
  for (evaluate::CaseResult& result : evaluation.cases) {
    result.prediction_file = fs::relative(result.prediction_file, folder).string();
    result.reference_file = fs::relative(result.reference_file, dataset.folder).string();
  }
  evaluate::BootstrapOptions bootstrap;
  bootstrap.threads = setting.computing.threads;
  base::WriteJson(folder / "evaluation.json",
                  evaluate::DocumentOf(evaluation, evaluate::Summarise(evaluation, bootstrap)));
}

std::vector<Involved> MembersOf(const Setting& setting, const Task& run) {
  std::vector<Involved> involved;
  for (const std::size_t index : run.needs) {
    const Task& member = setting.TaskAt(index);
    involved.push_back({member.folder, TrainedOn(setting.FolderOf(member) / "model.safetensors")});
  }
  return involved;
}

// One bundle that predicts as the mean of the run's members and decides by the rule that was chosen for it.
void JoinMembers(const Setting& setting, const Task& run, const Decision& decision, const fs::path& model) {
  std::vector<fs::path> members;
  for (const std::size_t index : run.needs)
    members.push_back(setting.FolderOf(setting.TaskAt(index)) / "model.safetensors");
  plan::BundleInfo info = plan::ReadBundleInfo(members.at(0));
  info.name = NameOf(setting, run);
  info.plan.diagnosis = decision.rule;
  info.training = {{"dataset", setting.dataset.name}, {"fold", run.folds[0]}, {"decision", decision.record}};
  plan::WriteEnsemble(members, info, model);
}

void TestOnOthers(const Setting& setting, const TestSet& test, const std::vector<Involved>& involved,
                  const std::string& name, const fs::path& folder, const Steps& steps) {
  const dataset::Dataset others = dataset::OpenDataset(test.dataset);
  std::vector<std::string> cases;
  for (const dataset::CaseFiles& files : others.cases)
    if (!files.label.empty()) cases.push_back(files.id);
  RefuseLeak(others, cases, involved);
  const fs::path into = folder / "tests" / test.name;
  steps.predict(
      {&setting, folder / "model.safetensors", others.folder, cases, /*candidates=*/false, into / "predictions"});
  Evaluate(setting, others, cases, name, into);
}

void DoRun(const Setting& setting, const Task& task, const Steps& steps) {
  const fs::path folder = setting.FolderOf(task), model = folder / "model.safetensors";
  const std::vector<std::string>& tested = HeldOutCases(setting.FoldsOf(task), task.folds[0]);
  const std::string name = NameOf(setting, task);
  RunLog log(folder / "log.jsonl");
  std::vector<Involved> involved = MembersOf(setting, task);
  const Decision decision = DecideRule(setting, task);
  involved.push_back({"the choice of the decision rule", decision.patients});
  RefuseLeak(setting.dataset, tested, involved);
  log.Add({{"step", "guard"}, {"members", task.needs.size()}, {"tested", tested.size()}, {"leaks", 0}});
  base::WriteJson(folder / "decision.json", decision.record);

  JoinMembers(setting, task, decision, model);
  log.Add({{"step", "join"}, {"members", task.needs.size()}});
  steps.predict({&setting, model, setting.dataset.folder, tested, /*candidates=*/false, folder / "predictions"});
  Evaluate(setting, setting.dataset, tested, name, folder);
  log.Add({{"step", "evaluate"}, {"cases", tested.size()}});
  for (const TestSet& test : setting.study.tests) {
    TestOnOthers(setting, test, involved, name, folder, steps);
    log.Add({{"step", "test"}, {"name", test.name}});
  }
}

// What a run is, for people and programs; a member's own is written by its training.
void DescribeRun(const Setting& setting, const Task& task) {
  const fs::path folder = setting.FolderOf(task);
  Json members = Json::array();
  for (const std::size_t index : task.needs) members.push_back(setting.TaskAt(index).folder);
  plan::WritePlan(folder / "plan.json", setting.PlanOf(task));
  base::WriteJson(folder / "run.json", {{"name", NameOf(setting, task)},
                                        {"variant", task.variant},
                                        {"contrast_set", task.contrast_set},
                                        {"repeat", task.repeat},
                                        {"seed", task.seed},
                                        {"fold", task.folds[0]},
                                        {"selection", NameOf(setting.study.selection)},
                                        {"members", members},
                                        {"plan_sha256", plan::HashOf(setting.PlanOf(task))},
                                        {"splits_sha256", setting.FoldsOf(task).sha256},
                                        {"threads", setting.computing.threads},
                                        {"device", setting.computing.device}});
}

void DoLocked(const Setting& setting, const Task& task, const Steps& steps, const std::string& machine) {
  const fs::path folder = setting.FolderOf(task);
  if (IsDone(setting, task)) {
    base::Info("{}: done already", Describe(task));
    return;
  }
  const auto start = std::chrono::steady_clock::now();
  fs::remove(folder / "failed.json");
  fs::remove(folder / "result.json");
  base::RemoveHalfWritten(folder);
  if (task.kind == TaskKind::kRun) DescribeRun(setting, task);
  task.kind == TaskKind::kMember ? DoMember(setting, task, steps) : DoRun(setting, task, steps);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  WriteResult(folder, {IdentityOf(setting, task), HashesOf(folder), seconds, machine});
  fs::remove(folder / "checkpoint.safetensors");
}

}  // namespace

void DoTask(const Setting& setting, std::size_t index, const Steps& steps, const std::string& machine) {
  const Task& task = setting.TaskAt(index);
  const fs::path folder = setting.FolderOf(task);
  const auto lock = LockFolder(folder);
  try {
    DoLocked(setting, task, steps, machine);
  } catch (const base::Error& error) {
    WriteFailure(folder, error.what());
    throw;
  }
}

std::optional<std::string> FailureOf(const fs::path& folder) {
  const fs::path file = folder / "failed.json";
  if (!fs::exists(file)) return std::nullopt;
  const Json json = base::ReadJson(file);
  return base::JsonObject(json, file.string()).Get<std::string>("reason");
}

void WriteFailure(const fs::path& folder, const std::string& reason) {
  base::WriteJson(folder / "failed.json", {{"reason", reason}});
}

}  // namespace parotis::experiment
