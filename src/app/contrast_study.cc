#include "app/contrast_study.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <span>

#include "app/study_pictures.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "dataset/splits.h"
#include "experiment/gather.h"
#include "experiment/result.h"
#include "experiment/run_task.h"
#include "report/tensorboard.h"
#include "report/training_log.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;
using base::Json;
using experiment::Task;
using experiment::TaskKind;
using report::ContrastStudyInput;
using report::StudyPlace;

StudyPlace PlaceOf(const Task& task) { return {task.variant, task.contrast_set, task.repeat, task.seed}; }

std::vector<Task> ReadTasks(const fs::path& runs) {
  const fs::path file = runs / "tasks.json";
  if (!fs::exists(file)) {
    base::Throw(base::ErrorKind::kUsage,
                fmt::format("{} holds no study; name the folder that `parotis study -o` was given", runs.string()));
  }
  return experiment::TasksFromJson(base::ReadJson(file), file.string());
}

// What the study's folder says of itself, and of its tasks.
class Reader {
 public:
  Reader(const fs::path& runs, const dataset::Dataset* dataset)
      : runs_(runs), dataset_(dataset), tasks_(ReadTasks(runs)), results_(tasks_.size()) {
    for (const Task& task : tasks_) results_[task.index] = experiment::ReadResult(runs_ / task.folder);
  }

  ContrastStudyInput Read() {
    if (dataset_ != nullptr) experiment::Open(runs_, *dataset_);  // refuses another dataset
    ReadRecord();
    ReadMade();
    ReadRuns();
    ReadLogs();
    if (dataset_ != nullptr) ReadDataset();
    return std::move(input_);
  }

 private:
  void ReadRecord();
  void ReadVariants();
  void ReadMade();
  void ReadTraining();
  void ReadRuns();
  void ReadWhole(std::span<const Task> runs);
  void ReadRun(const Task& run, std::vector<evaluate::Evaluation>& parts);
  void ReadFinal(const Task& final_model);
  void ReadLogs();
  void ReadDataset();

  void Made(const std::string& what, const std::string& value) {
    if (!value.empty()) input_.made.emplace_back(what, value);
  }
  // Figures are shown that the run's result vouches for.
  bool IsVouchedFor(const Task& run, const std::string& evaluation) {
    const fs::path file = runs_ / run.folder / evaluation;
    if (fs::exists(file) && results_[run.index]->files.value(evaluation, "") == base::HashOfFile(file)) return true;
    input_.failed.push_back({run.folder, evaluation + " is not the file that result.json was written for"});
    return false;
  }
  bool IsDone(const Task& run) {
    if (!results_[run.index]) return false;
    if (!IsVouchedFor(run, "evaluation.json")) results_[run.index].reset();
    return results_[run.index].has_value();
  }

  fs::path runs_;
  const dataset::Dataset* dataset_;
  std::vector<Task> tasks_;
  std::vector<std::optional<experiment::Result>> results_;
  experiment::Study study_;
  ContrastStudyInput input_;
};

void Reader::ReadRecord() {
  const fs::path file = runs_ / "study.json";
  const Json json = base::ReadJson(file);
  base::JsonObject record(json, file.string());
  study_ = experiment::StudyFromJson(record.Require("study"), record.PathOf("study"), runs_);
  input_.name = study_.name;
  input_.is_nested = study_.selection == experiment::Selection::kNested;
  input_.repeats = study_.repeats;
  input_.seeds = study_.seeds;
  if (!study_.splits.empty()) input_.folds_from = "the file " + study_.splits.filename().string();
  if (!study_.split_by.empty()) input_.folds_from = "the column " + study_.split_by + ", one for each value";
  for (const Task& task : tasks_)
    if (task.kind == TaskKind::kRun) input_.folds = std::max(input_.folds, task.folds[0] + 1);
  ReadVariants();
  for (const auto& set : record.Get<std::vector<std::string>>("contrast_sets"))
    input_.contrast_sets.emplace_back(set, input_.plan->ChannelsOf(set));
  const int threads = record.Get<int>("threads");
  const auto device = record.Get<std::string>("device");
  input_.commands.push_back(fmt::format("parotis study -d DATASET -s study.json -o {} --threads-per-run {} --device {}",
                                        runs_.filename().string(), threads, device));
}

void Reader::ReadVariants() {
  for (const experiment::Variant& variant : study_.variants) {
    const plan::Plan plan = plan::ReadPlan(runs_ / "plans" / (variant.name + ".json"));
    if (!input_.plan) input_.plan = plan;
    input_.variants.push_back(
        {variant.name, variant.plan_patch, variant.from ? variant.from->filename().string() : ""});
    Made(fmt::format("Plan of {}, SHA-256", variant.name), plan::HashOf(plan));
  }
}

void Reader::ReadMade() {
  std::set<std::string> splits, machines;
  double seconds = 0;
  std::size_t done = 0;
  for (const Task& task : tasks_) {
    if (!results_[task.index]) continue;
    machines.insert(results_[task.index]->machine);
    seconds += results_[task.index]->seconds;
    ++done;
    if (task.kind != TaskKind::kRun) continue;
    const Json run = base::ReadJson(runs_ / task.folder / "run.json");
    splits.insert(fmt::format("{} (repeat {})", run.value("splits_sha256", "not recorded"), task.repeat));
  }
  Made("Folds, SHA-256", fmt::format("{}", fmt::join(splits, ", ")));
  Made("Folds' seed", input_.folds_from.empty() ? std::to_string(study_.split_seed) : "");
  ReadTraining();
  Made("Processors", fmt::format("{}", fmt::join(machines, ", ")));
  if (done > 0) Made("Time", fmt::format("{:.2f} hours, of {} tasks one after the other", seconds / 3600, done));
  input_.study_json = [&] {
    experiment::Study shown = study_;  // folders of somebody's machine say nothing to others
    for (experiment::TestSet& test : shown.tests) test.dataset = test.dataset.filename();
    for (experiment::Variant& variant : shown.variants)
      if (variant.from) variant.from = variant.from->filename();
    shown.plan = shown.plan.filename();
    shown.splits = shown.splits.filename();
    Json json = experiment::ToJson(shown);
    json.erase("slurm");
    return json.dump();
  }();
}

void Reader::ReadTraining() {
  std::set<std::string> builds, torch, precision, devices;
  for (const Task& task : tasks_) {
    if (task.kind != TaskKind::kMember || !results_[task.index]) continue;
    const fs::path file = runs_ / task.folder / "run.json";
    if (!fs::exists(file)) continue;
    const Json run = base::ReadJson(file);
    const Json facts = run.value("facts", Json::object()), training = run.value("training", Json::object());
    builds.insert(training.value("build_id", "not recorded"));
    torch.insert(facts.value("torch", "not recorded"));
    precision.insert(facts.value("precision", "not recorded"));
    devices.insert(fmt::format("{}, threads: {}", facts.value("device", "not recorded"), facts.value("threads", 0)));
  }
  Made("Networks trained by parotis", fmt::format("{}", fmt::join(builds, ", ")));
  Made("LibTorch", fmt::format("{}", fmt::join(torch, ", ")));
  Made("Precision", fmt::format("{}", fmt::join(precision, ", ")));
  Made("Device", fmt::format("{}", fmt::join(devices, "; ")));
}

void Reader::ReadRun(const Task& run, std::vector<evaluate::Evaluation>& parts) {
  const fs::path folder = runs_ / run.folder;
  evaluate::Evaluation& part = parts.emplace_back(experiment::ReadRunEvaluation(runs_, run));
  if (input_.origin == evaluate::Origin::kUnknown) input_.origin = part.origin;
  input_.dataset_name = part.dataset_name;
  input_.dataset_description = part.dataset_description;
  input_.rules.push_back({PlaceOf(run), run.folds[0], base::ReadJson(folder / "decision.json")});
}

void Reader::ReadFinal(const Task& final_model) {
  const fs::path folder = runs_ / final_model.folder;
  for (const experiment::TestSet& test : study_.tests) {
    const fs::path tested = fs::path("tests") / test.name;
    if (!fs::exists(folder / tested) || !IsVouchedFor(final_model, tested / "evaluation.json")) continue;
    input_.further_tests.push_back({PlaceOf(final_model), test.name, evaluate::ReadEvaluation(folder / tested)});
  }
}

// A whole cross-validation at a time, in the order of the tasks.
void Reader::ReadRuns() {
  for (std::size_t first = 0; first < tasks_.size();) {
    const StudyPlace at = PlaceOf(tasks_[first]);
    std::size_t end = first;
    while (end < tasks_.size() && tasks_[end].kind == tasks_[first].kind && PlaceOf(tasks_[end]) == at) ++end;
    if (tasks_[first].kind == TaskKind::kRun) ReadWhole({tasks_.data() + first, end - first});
    first = end;
  }
  for (const Task& task : tasks_)
    if (task.kind == TaskKind::kFinal && results_[task.index]) ReadFinal(task);
  for (const Task& task : tasks_) {
    const auto reason = results_[task.index] ? std::nullopt : experiment::FailureOf(runs_ / task.folder);
    if (reason) input_.failed.push_back({task.folder, *reason});
  }
}

// Networks are counted by need: variants that train alike share theirs.
void Reader::ReadWhole(std::span<const Task> runs) {
  report::Progress progress{PlaceOf(runs[0])};
  std::set<std::size_t> networks;
  std::vector<evaluate::Evaluation> parts;
  for (const Task& run : runs) {
    networks.insert(run.needs.begin(), run.needs.end());
    ++progress.folds;
    if (!IsDone(run)) continue;
    ++progress.folds_done;
    ReadRun(run, parts);
  }
  progress.networks = networks.size();
  progress.networks_done = static_cast<std::size_t>(
      std::count_if(networks.begin(), networks.end(), [&](std::size_t n) { return results_.at(n).has_value(); }));
  input_.progress.push_back(progress);
  if (progress.folds_done == progress.folds)
    input_.cross_validations.push_back(
        {progress.at, experiment::Join(parts, progress.at.variant + "/" + progress.at.contrast_set)});
}

void Reader::ReadLogs() {
  for (const Task& task : tasks_) {
    const fs::path file = runs_ / task.folder / "log.jsonl";
    if (task.kind != TaskKind::kMember || !fs::exists(file)) continue;
    report::TrainingLog log{PlaceOf(task), {}};
    report::AddLogPoints(base::ReadFile(file), file.string(), log.points);
    input_.logs.push_back(std::move(log));
  }
}

void Reader::ReadDataset() {
  input_.dataset_name = dataset_->name;
  const Json json = base::ReadJson(dataset_->folder / "dataset.json");
  input_.dataset_description = json.value("description", "");
  if (input_.origin == evaluate::Origin::kUnknown) input_.origin = evaluate::OriginOf(input_.dataset_description);
  std::set<std::string> tested, trained;
  for (const dataset::Split& split : dataset::ReadSplitLists(runs_ / "splits" / "repeat-0.json")) {
    tested.insert(split.val.begin(), split.val.end());
    trained.insert(split.train.begin(), split.train.end());
  }
  for (const dataset::CaseFiles& files : dataset_->cases) {
    if (tested.contains(files.id)) continue;
    if (trained.contains(files.id))
      ++input_.cases_never_tested;
    else
      input_.cases_in_no_fold.push_back(files.id);
  }
  input_.participants = dataset_->participants;
  for (const std::string& column : report::KnownCharacteristicColumns()) {
    const bool is_there = std::any_of(input_.participants.begin(), input_.participants.end(),
                                      [&](const auto& one) { return one.columns.contains(column); });
    if (is_there) input_.subgroup_columns.push_back({column, {}});
  }
  for (report::CrossValidation& whole : input_.cross_validations) {
    for (evaluate::CaseResult& result : whole.evaluation.cases)
      if (const auto* participant = dataset_->FindParticipant(result.case_id)) result.attributes = participant->columns;
  }
  input_.pictures = [dataset = *dataset_, runs = runs_, sets = input_.contrast_sets](
                        const StudyPlace& at, const report::HardPatient& patient) {
    return PicturesOf(dataset, runs, sets, at, patient);
  };
}

}  // namespace

ContrastStudyInput ReadContrastStudy(const fs::path& runs, const dataset::Dataset* dataset) {
  return Reader(runs, dataset).Read();
}

std::size_t WriteStudyEvents(const fs::path& runs, const fs::path& folder) {
  std::size_t written = 0;
  for (const Task& task : ReadTasks(runs)) {
    const fs::path file = runs / task.folder / "log.jsonl";
    if (task.kind != TaskKind::kMember || !fs::exists(file)) continue;
    const auto scalars = report::ScalarsOfLog(base::ReadFile(file), file.string());
    const fs::path into = folder / fs::path(task.folder).lexically_relative("members");
    base::WriteFile(into / "events.out.tfevents.0.parotis", report::EventsFileOf(scalars));
    ++written;
  }
  return written;
}

}  // namespace parotis::app
