#include "app/study_estimate.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "app/command.h"
#include "app/machine.h"
#include "app/net_library.h"
#include "base/child.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/progress.h"
#include "experiment/estimate.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

// Of the labelled cases the one whose files are of median size.
std::string TypicalCase(const dataset::Dataset& dataset) {
  std::vector<std::pair<std::uintmax_t, std::string>> cases;
  for (const dataset::CaseFiles& files : dataset.cases) {
    if (files.test || files.label.empty()) continue;
    std::uintmax_t bytes = 0;
    for (const fs::path& channel : files.channels) bytes += channel.empty() ? 0 : fs::file_size(channel);
    cases.emplace_back(bytes, files.id);
  }
  std::sort(cases.begin(), cases.end());
  return cases.at(cases.size() / 2).second;
}

// The set with most channels costs most.
std::string LargestSet(const experiment::Setting& setting, const plan::Plan& plan) {
  return *std::max_element(setting.contrast_sets.begin(), setting.contrast_sets.end(),
                           [&](const std::string& one, const std::string& other) {
                             return plan.ChannelsOf(one).size() < plan.ChannelsOf(other).size();
                           });
}

// A folder that goes with the object.
class Scratch {
 public:
  Scratch() : folder_(fs::temp_directory_path() / fmt::format("parotis-estimate-{}", ::getpid())) {
    base::CreateFolder(folder_);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
};

// The last line of what a process said; its talk stands before it.
base::Json ReadCost(const fs::path& output, const base::ChildEnd& end) {
  std::string said = base::ReadFile(output);
  const std::size_t brace = said.rfind("\n{");
  if (!end.well || (brace == std::string::npos && !said.starts_with('{')))
    base::Throw(base::ErrorKind::kIo, fmt::format("measuring failed ({}): {}", end.how, said));
  return base::ParseJson(said.substr(brace == std::string::npos ? 0 : brace), output.string());
}

// The mean of what `workers` processes measured at the same time.
experiment::MeasuredCost Measure(const experiment::Setting& setting, const std::string& variant, int workers) {
  const Scratch scratch;
  const plan::Plan& plan = setting.plans.at(variant);
  plan::WritePlan(scratch.folder() / "plan.json", plan);
  const std::vector<std::string> command = {(ProgramFolder() / "parotis").string(),
                                            "study",
                                            "-q",
                                            "-d",
                                            setting.dataset.folder.string(),
                                            "-o",
                                            scratch.folder().string(),
                                            "--threads-per-run",
                                            std::to_string(setting.computing.threads),
                                            "--device",
                                            setting.computing.device,
                                            "--measure",
                                            LargestSet(setting, plan)};
  const auto start = std::chrono::steady_clock::now();
  std::vector<pid_t> children;
  for (int worker = 0; worker < workers; ++worker)
    children.push_back(base::StartChild(command, {.log = scratch.folder() / fmt::format("{}.out", worker)}));
  experiment::MeasuredCost mean;
  for (int worker = 0; worker < workers; ++worker) {
    const base::ChildEnd end = base::WaitFor(children[static_cast<std::size_t>(worker)]);
    const base::Json json = ReadCost(scratch.folder() / fmt::format("{}.out", worker), end);
    base::JsonObject object(json, "the measured cost");
    mean.seconds_per_iteration += object.Get<double>("seconds_per_iteration") / workers;
    mean.seconds_per_prediction += object.Get<double>("seconds_per_prediction") / workers;
    mean.seconds_to_start -= object.Get<double>("seconds_measured") / workers;
    mean.peak_bytes = std::max(mean.peak_bytes, object.Get<std::int64_t>("peak_bytes"));
    object.ReadRequired("prepared_bytes", mean.prepared_bytes);
    object.ReadRequired("model_bytes", mean.model_bytes);
    object.ReadRequired("checkpoint_bytes", mean.checkpoint_bytes);
    object.Finish();
  }
  mean.seconds_to_start += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return mean;
}

base::Json ToJson(const experiment::Estimate& estimate, int workers) {
  return {{"members", estimate.members},
          {"runs", estimate.runs},
          {"finals", estimate.finals},
          {"workers", workers},
          {"seconds", estimate.seconds},
          {"member_seconds", estimate.member_seconds},
          {"run_seconds", estimate.run_seconds},
          {"final_seconds", estimate.final_seconds},
          {"memory_bytes", estimate.memory_bytes},
          {"cache_bytes", estimate.cache_bytes},
          {"runs_bytes", estimate.runs_bytes}};
}

void Print(const experiment::Setting& setting, const experiment::Estimate& estimate, int workers) {
  for (const experiment::Task& task : setting.tasks) fmt::print("{:>5}  {}\n", task.index, task.folder);
  const auto size = [](std::int64_t bytes) { return FormatBytes(static_cast<std::uint64_t>(bytes)); };
  fmt::print("{} members, {} runs and {} final models, {} at a time with {} threads each\n", estimate.members,
             estimate.runs, estimate.finals, workers, setting.computing.threads);
  fmt::print("  time     {}: {} for the members, {} for the runs, {} for the final models, one after the other\n",
             base::FormatDuration(estimate.seconds), base::FormatDuration(estimate.member_seconds),
             base::FormatDuration(estimate.run_seconds), base::FormatDuration(estimate.final_seconds));
  fmt::print("  memory   {}\n", size(estimate.memory_bytes));
  fmt::print("  disk     {} for prepared cases, {} for the study\n", size(estimate.cache_bytes),
             size(estimate.runs_bytes));
  fmt::print(
      "Measured: a few iterations and predictions of the largest contrast set on a case of median size, in {} "
      "processes "
      "side by side.\nNot in it: preparing the cases once, and evaluation.\n",
      workers);
}

}  // namespace

int PrintEstimate(const experiment::Setting& setting, int workers) {
  std::map<std::string, experiment::MeasuredCost> by_variant;
  for (const auto& [variant, plan] : setting.plans) by_variant[variant] = Measure(setting, variant, workers);
  const experiment::Estimate estimate = experiment::EstimateStudy(setting, by_variant, workers);
  if (common().json) {
    base::Json json = ToJson(estimate, workers);
    json["tasks"] = experiment::ToJson(setting.tasks);
    fmt::print("{}", base::DumpJson(json));
  } else {
    Print(setting, estimate, workers);
  }
  return kDone;
}

int PrintCost(const dataset::Dataset& dataset, const fs::path& plan_file, const std::string& contrast_set,
              const experiment::Computing& computing) {
  const plan::Plan plan = plan::ReadPlan(plan_file);
  std::vector<std::string> channels;
  for (const plan::ChannelPlan& channel : plan.channels) channels.push_back(channel.name);
  const dataset::Case examination = dataset::LoadCase(dataset, TypicalCase(dataset), channels);
  Net();
  const auto start = std::chrono::steady_clock::now();
  const train::Cost cost = Net().measure_cost(examination, plan, contrast_set, computing.device, computing.threads);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("{}", base::DumpJson({{"seconds_per_iteration", cost.seconds_per_iteration},
                                   {"seconds_per_prediction", cost.seconds_per_prediction},
                                   {"seconds_measured", seconds},
                                   {"peak_bytes", cost.peak_bytes},
                                   {"prepared_bytes", cost.prepared_bytes},
                                   {"model_bytes", cost.model_bytes},
                                   {"checkpoint_bytes", cost.checkpoint_bytes}}));
  return kDone;
}

}  // namespace parotis::app
