// `parotis study`: contrast sets × folds × seeds, as tasks that may be killed at any moment and done anywhere.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <set>

#include "app/command.h"
#include "app/commands.h"
#include "app/machine.h"
#include "app/study_estimate.h"
#include "app/study_steps.h"
#include "base/build_info.h"
#include "base/error.h"
#include "base/log.h"
#include "base/parallel.h"
#include "base/resumable.h"
#include "experiment/gather.h"
#include "experiment/pool.h"
#include "experiment/run_task.h"
#include "experiment/slurm.h"
#include "plan/fingerprint.h"
#include "prepare/cache.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

// A training takes about as much, its libraries included; `--dry-run` measures it.
constexpr std::uint64_t kMemoryOfATask_bytes = 1'500'000'000;

struct StudyFlags {
  fs::path dataset, study, output;
  int seeds = 0, workers = 0, threads = 0;
  std::string device, submit, measure;
  int task = -1;
  bool dry_run = false, gather = false;
};

// What the folder was begun with, else the flags, else one thread: several small trainings side by side get more done
// than one with several threads.
experiment::Computing ComputingOf(const StudyFlags& flags) {
  experiment::Computing computing = experiment::RecordedComputing(flags.output).value_or(experiment::Computing());
  if (flags.threads > 0) computing.threads = flags.threads;
  if (!flags.device.empty()) computing.device = flags.device;
  return computing;
}

// On a CPU as many tasks as there are CPUs and memory for; one on a GPU.
int WorkersOf(const StudyFlags& flags, const experiment::Computing& computing) {
  if (flags.workers > 0) return flags.workers;
  if (computing.device != "cpu") return 1;
  const auto by_memory = static_cast<int>(ExamineMachine().memory_available_bytes / kMemoryOfATask_bytes);
  return std::clamp(base::AvailableThreads() / computing.threads, 1, std::max(1, by_memory));
}

experiment::Study StudyOf(const StudyFlags& flags) {
  if (flags.study.empty()) base::Throw(base::ErrorKind::kUsage, "name the study with -s study.json");
  experiment::Study study = experiment::ReadStudy(flags.study);
  if (flags.seeds > 0) {
    study.seeds.clear();
    for (int seed = 1; seed <= flags.seeds; ++seed) study.seeds.push_back(static_cast<std::uint64_t>(seed));
  }
  return study;
}

std::function<plan::Plan()> PlanByTheRules(const dataset::Dataset& dataset) {
  return [&dataset] { return plan::MakePlan(dataset, plan::TakeFingerprint(dataset, 0)); };
}

std::vector<std::string> CommandOf(const StudyFlags& flags) {
  return {(ProgramFolder() / "parotis").string(), "study", "-d",
          fs::absolute(flags.dataset).string(),   "-o",    fs::absolute(flags.output).string()};
}

// What members would otherwise do at the same time, each for itself.
void PrepareCases(const experiment::Setting& setting) {
  std::vector<std::string> cases;
  for (const dataset::CaseFiles& files : setting.dataset.cases)
    if (!files.test && !files.label.empty()) cases.push_back(files.id);
  std::set<std::string> prepared;
  for (const auto& [variant, plan] : setting.plans) {
    if (prepared.insert(plan::PreparationHashOf(plan)).second)
      prepare::PrepareDataset(setting.dataset, cases, plan, prepare::DefaultCacheFolder(setting.dataset), 0);
  }
}

base::Json MachineToJson(const Machine& machine) {
  return {{"cpu", machine.cpu_model},
          {"cpu_features", machine.cpu_features},
          {"threads", machine.threads},
          {"memory_bytes", machine.memory_bytes},
          {"gpus", machine.gpus}};
}

int Report(const experiment::Setting& setting, const std::vector<experiment::TaskOutcome>& outcomes) {
  const base::Json results = experiment::Gather(setting, outcomes, MachineToJson(ExamineMachine()));
  if (common().json) {
    fmt::print("{}", base::DumpJson(results));
  } else {
    fmt::print("{}{}\n{}\n", experiment::TextOf(results), (setting.runs / "study-results.json").string(),
               base::kResearchUseOnly);
  }
  const auto done = [](const experiment::TaskOutcome& o) { return o.state == experiment::TaskState::kDone; };
  return std::all_of(outcomes.begin(), outcomes.end(), done) ? kDone : kSomeCasesFailed;
}

int DoOneTask(const StudyFlags& flags, const dataset::Dataset& dataset) {
  const experiment::Setting setting = experiment::Open(flags.output, dataset);
  experiment::DoTask(setting, static_cast<std::size_t>(flags.task), NetworkSteps(), ExamineMachine().cpu_model);
  return kDone;
}

int SubmitToSlurm(const StudyFlags& flags, const experiment::Setting& setting) {
  const auto scripts = experiment::WriteSlurmScripts(setting, experiment::ExamineTasks(setting), CommandOf(flags));
  const std::vector<std::string> jobs = experiment::Submit(scripts);
  base::WriteJson(setting.runs / "slurm" / "submitted.json", {{"jobs", jobs}});
  if (common().json) {
    fmt::print("{}", base::DumpJson({{"jobs", jobs}}));
  } else {
    fmt::print("submitted jobs {}; their scripts and logs are in {}\n", fmt::join(jobs, ", "),
               (setting.runs / "slurm").string());
  }
  return kDone;
}

int RunHere(const StudyFlags& flags, const experiment::Setting& setting) {
  PrepareCases(setting);
  std::vector<experiment::TaskOutcome> outcomes = experiment::ExamineTasks(setting);
  const auto command = [&](const experiment::Task& task) {
    std::vector<std::string> words = CommandOf(flags);
    words.insert(words.end(), {"--task", std::to_string(task.index)});
    return words;
  };
  experiment::RunPool(setting, {WorkersOf(flags, setting.computing), command}, outcomes);
  return Report(setting, outcomes);
}

int RunStudy(const StudyFlags& flags) {
  const dataset::Dataset dataset = dataset::OpenDataset(flags.dataset);
  if (flags.task >= 0) return DoOneTask(flags, dataset);
  if (flags.gather) {
    const experiment::Setting setting = experiment::Open(flags.output, dataset);
    return Report(setting, experiment::ExamineTasks(setting));
  }
  if (!flags.measure.empty()) return PrintCost(dataset, flags.output / "plan.json", flags.measure, ComputingOf(flags));
  const experiment::Study study = StudyOf(flags);
  const experiment::Computing computing = ComputingOf(flags);
  if (flags.dry_run) {
    const auto setting = experiment::Consider(study, dataset, computing, flags.output, PlanByTheRules(dataset));
    return PrintEstimate(setting, WorkersOf(flags, computing));
  }
  const base::OutputLock lock(flags.output / ".lock", fmt::format("another process works on the study in {}; wait for "
                                                                  "it to end, or give another folder",
                                                                  flags.output.string()));
  const auto setting = experiment::Begin(study, dataset, computing, flags.output, PlanByTheRules(dataset));
  return flags.submit.empty() ? RunHere(flags, setting) : SubmitToSlurm(flags, setting);
}

}  // namespace

std::function<int()> DefineStudy(CLI::App& app) {
  const auto flags = std::make_shared<StudyFlags>();
  app.add_option("-d,--dataset", flags->dataset, "folder of the dataset (nnU-Net's layout)")->required();
  app.add_option("-s,--study", flags->study, "study.json; configs/study.json explains every key");
  app.add_option("-o,--output", flags->output, "the study's folder; an interrupted study in it goes on")->required();
  app.add_option("--seeds", flags->seeds, "how many seeds, instead of the study's")->check(CLI::PositiveNumber);
  app.add_option("--workers", flags->workers, "tasks at a time; default: as many as fit into CPUs and memory")
      ->check(CLI::PositiveNumber);
  app.add_option("--threads-per-run", flags->threads,
                 "default: 1; results repeat bit for bit with the same number, so a study keeps it")
      ->check(CLI::PositiveNumber);
  app.add_option("--device", flags->device, "cpu, cuda or cuda:N; default: cpu");
  auto* dry_run = app.add_flag("--dry-run", flags->dry_run, "list the tasks and estimate time, memory and disk");
  app.add_option("--submit", flags->submit, "hand the tasks to a batch system: slurm")->check(CLI::IsMember({"slurm"}));
  auto* task = app.add_option("--task", flags->task, "do only this task of RUNS/tasks.json (for batch systems)")
                   ->check(CLI::NonNegativeNumber)
                   ->excludes(dry_run);
  // What --dry-run starts: measures this contrast set with the plan in the output folder.
  app.add_option("--measure", flags->measure)->group("");
  app.add_flag("--gather", flags->gather, "join and compare what is done, and start nothing")->excludes(task);
  return [flags] { return RunStudy(*flags); };
}

}  // namespace parotis::app
