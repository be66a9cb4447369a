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
  const std::string at = fmt::format("{}-{}-{}-repeat{}-seed{}", setting.study.name, task.variant, task.contrast_set,
                                     task.repeat, task.seed);
  if (task.kind == TaskKind::kFinal) return at + "-final";
  return fmt::format("{}-{}{}", at, task.kind == TaskKind::kRun ? "fold" : "without", fmt::join(task.folds, "-"));
}

// What a run or a final model did, step by step; begun anew with it.
class RunLog {
 public:
  explicit RunLog(const fs::path& path) : stream_(path, std::ios::trunc) {}
  void Add(const Json& line) { stream_ << line.dump() << '\n' << std::flush; }

 private:
  std::ofstream stream_;
};

void DoMember(const Setting& setting, const Task& task, const Steps& steps) {
  const fs::path folder = setting.FolderOf(task);
  const Folds& folds = setting.FoldsOf(task);
  steps.train({&setting, setting.PlanOf(task), task.contrast_set, TrainingCases(folds, task.folds), task.seed,
               setting.VariantOf(task).from, NameOf(setting, task), folder});
  const fs::path candidates = setting.CandidatesOf(task);
  if (candidates.empty()) return;
  std::vector<std::string> cases;
  for (const int fold : task.folds)
    cases.insert(cases.end(), HeldOutCases(folds, fold).begin(), HeldOutCases(folds, fold).end());
  steps.predict({&setting, folder / "model.safetensors", setting.dataset.folder, cases, {}, candidates});
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

// Everybody of whom the members and the choice of the rule know anything.
std::vector<Involved> BehindIt(const Setting& setting, const Task& joined, const Decision& decision) {
  std::vector<Involved> involved;
  for (const std::size_t index : joined.needs) {
    const Task& member = setting.TaskAt(index);
    involved.push_back({member.folder, TrainedOn(setting.FolderOf(member) / "model.safetensors")});
  }
  involved.push_back({"the choice of the decision rule", decision.patients});
  return involved;
}

// One bundle that predicts as the mean of the members and decides by the rule that was chosen for it.
void JoinMembers(const Setting& setting, const Task& joined, const Decision& decision, RunLog& log) {
  const fs::path folder = setting.FolderOf(joined);
  base::WriteJson(folder / "decision.json", decision.record);
  std::vector<fs::path> members;
  members.reserve(joined.needs.size());
  for (const std::size_t index : joined.needs)
    members.push_back(setting.FolderOf(setting.TaskAt(index)) / "model.safetensors");
  plan::BundleInfo info = plan::ReadBundleInfo(members.at(0));
  info.name = NameOf(setting, joined);
  info.plan.inference = setting.PlanOf(joined).inference;  // the members may be another variant's
  info.plan.diagnosis = decision.rule;
  info.training = {{"dataset", setting.dataset.name}, {"decision", decision.record}};
  if (joined.kind == TaskKind::kRun) info.training["fold"] = joined.folds[0];
  plan::WriteEnsemble(members, info, folder / "model.safetensors");
  log.Add({{"step", "join"}, {"members", joined.needs.size()}});
}

void TestOnOthers(const Setting& setting, const TestSet& test, const std::vector<Involved>& involved,
                  const std::string& name, const fs::path& folder, const Steps& steps) {
  const dataset::Dataset others = dataset::OpenDataset(test.dataset);
  const std::vector<std::string> cases = LabelledCases(others);
  RefuseLeak(others, cases, involved);
  const fs::path into = folder / "tests" / test.name;
  steps.predict({&setting, folder / "model.safetensors", others.folder, cases, into / "predictions", {}});
  Evaluate(setting, others, cases, name, into);
}

void DoRun(const Setting& setting, const Task& task, const Steps& steps) {
  const fs::path folder = setting.FolderOf(task);
  const std::vector<std::string>& tested = HeldOutCases(setting.FoldsOf(task), task.folds[0]);
  const std::string name = NameOf(setting, task);
  RunLog log(folder / "log.jsonl");
  const Decision decision = DecideRule(setting, task);
  RefuseLeak(setting.dataset, tested, BehindIt(setting, task, decision));
  log.Add({{"step", "guard"}, {"members", task.needs.size()}, {"tested", tested.size()}, {"leaks", 0}});
  JoinMembers(setting, task, decision, log);
  steps.predict({&setting, folder / "model.safetensors", setting.dataset.folder, tested, folder / "predictions",
                 setting.CandidatesOf(task)});
  Evaluate(setting, setting.dataset, tested, name, folder);
  log.Add({{"step", "evaluate"}, {"cases", tested.size()}});
}

void DoFinal(const Setting& setting, const Task& task, const Steps& steps) {
  const fs::path folder = setting.FolderOf(task);
  RunLog log(folder / "log.jsonl");
  const Decision decision = DecideRule(setting, task);
  const std::vector<Involved> involved = BehindIt(setting, task, decision);
  JoinMembers(setting, task, decision, log);
  for (const TestSet& test : setting.study.tests) {
    TestOnOthers(setting, test, involved, NameOf(setting, task), folder, steps);
    log.Add({{"step", "test"}, {"name", test.name}});
  }
}

// What a run or a final model is, for people and programs; a member's own is written by its training.
void DescribeJoined(const Setting& setting, const Task& task) {
  const fs::path folder = setting.FolderOf(task);
  Json members = Json::array();
  for (const std::size_t index : task.needs) members.push_back(setting.TaskAt(index).folder);
  plan::WritePlan(folder / "plan.json", setting.PlanOf(task));
  Json run = {{"name", NameOf(setting, task)},
              {"variant", task.variant},
              {"contrast_set", task.contrast_set},
              {"repeat", task.repeat},
              {"seed", task.seed},
              {"selection", NameOf(setting.study.selection)},
              {"members", members},
              {"plan_sha256", plan::HashOf(setting.PlanOf(task))},
              {"splits_sha256", setting.FoldsOf(task).sha256},
              {"threads", setting.computing.threads},
              {"device", setting.computing.device}};
  if (task.kind == TaskKind::kRun) run["fold"] = task.folds[0];
  base::WriteJson(folder / "run.json", run);
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
  if (task.kind != TaskKind::kMember) DescribeJoined(setting, task);
  switch (task.kind) {
    case TaskKind::kMember: DoMember(setting, task, steps); break;
    case TaskKind::kRun: DoRun(setting, task, steps); break;
    case TaskKind::kFinal: DoFinal(setting, task, steps); break;
  }
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
  } catch (const std::exception& error) {
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
