#include "experiment/estimate.h"

#include <algorithm>
#include <set>

namespace parotis::experiment {
namespace {

// Label map, lesion map and diagnosis of one case, compressed.
constexpr std::int64_t kPredictionBytes = 60'000;

std::size_t CasesOfTests(const Setting& setting) {
  std::size_t cases = 0;
  for (const TestSet& test : setting.study.tests) cases += LabelledCases(dataset::OpenDataset(test.dataset)).size();
  return cases;
}

std::size_t PredictedCases(const Setting& setting, const Task& task, std::size_t cases_of_tests) {
  if (task.kind == TaskKind::kFinal) return cases_of_tests;
  if (task.kind == TaskKind::kMember && setting.CandidatesOf(task).empty()) return 0;
  std::size_t cases = 0;
  for (const int fold : task.folds) cases += HeldOutCases(setting.FoldsOf(task), fold).size();
  return cases;
}

std::size_t NetworksOf(const Task& task) { return task.kind == TaskKind::kMember ? 1 : task.needs.size(); }

void Add(const Setting& setting, const Task& task, std::size_t cases_of_tests, const MeasuredCost& cost,
         Estimate& estimate) {
  const auto cases = static_cast<double>(PredictedCases(setting, task, cases_of_tests));
  // A run leaves what it says and, as candidates, what it found.
  const int written = task.kind == TaskKind::kRun && !setting.CandidatesOf(task).empty() ? 2 : 1;
  estimate.runs_bytes += static_cast<std::int64_t>(cases) * kPredictionBytes * written;
  if (task.kind == TaskKind::kMember) {
    ++estimate.members;
    estimate.member_seconds += cost.seconds_to_start +
                               cost.seconds_per_iteration * setting.PlanOf(task).optimiser.iterations +
                               cost.seconds_per_prediction * cases;
    estimate.runs_bytes += cost.model_bytes;
    return;
  }
  const bool is_run = task.kind == TaskKind::kRun;
  ++(is_run ? estimate.runs : estimate.finals);
  (is_run ? estimate.run_seconds : estimate.final_seconds) +=
      cost.seconds_to_start + cost.seconds_per_prediction * cases * static_cast<double>(NetworksOf(task));
  estimate.runs_bytes += cost.model_bytes * static_cast<std::int64_t>(task.needs.size());
}

std::int64_t CacheBytes(const Setting& setting, const std::map<std::string, MeasuredCost>& by_variant) {
  std::int64_t bytes = 0, cases = 0;
  for (const dataset::CaseFiles& files : setting.dataset.cases) cases += !files.test && !files.label.empty() ? 1 : 0;
  std::set<std::string> prepared;
  for (const auto& [variant, plan] : setting.plans) {
    if (prepared.insert(plan::PreparationHashOf(plan)).second) bytes += cases * by_variant.at(variant).prepared_bytes;
  }
  return bytes;
}

}  // namespace

std::vector<std::size_t> PredictionsOf(const Setting& setting) {
  const std::size_t cases_of_tests = CasesOfTests(setting);
  std::vector<std::size_t> predictions;
  predictions.reserve(setting.tasks.size());
  for (const Task& task : setting.tasks)
    predictions.push_back(PredictedCases(setting, task, cases_of_tests) * NetworksOf(task));
  return predictions;
}

Estimate EstimateStudy(const Setting& setting, const std::map<std::string, MeasuredCost>& by_variant, int workers) {
  Estimate estimate;
  const std::size_t cases_of_tests = CasesOfTests(setting);  // opened once, however many final models there are
  for (const Task& task : setting.tasks) Add(setting, task, cases_of_tests, by_variant.at(task.variant), estimate);
  std::int64_t peak_bytes = 0, checkpoint_bytes = 0;
  for (const auto& [variant, cost] : by_variant) {
    peak_bytes = std::max(peak_bytes, cost.peak_bytes);
    checkpoint_bytes = std::max(checkpoint_bytes, cost.checkpoint_bytes);
  }
  // One final model is one process, however many workers there are.
  const double finals_at_a_time = std::clamp<double>(static_cast<double>(estimate.finals), 1, workers);
  estimate.seconds =
      (estimate.member_seconds + estimate.run_seconds) / workers + estimate.final_seconds / finals_at_a_time;
  estimate.memory_bytes = peak_bytes * workers;
  estimate.cache_bytes = CacheBytes(setting, by_variant);
  estimate.runs_bytes += checkpoint_bytes * workers;  // a member's goes with its end
  return estimate;
}

}  // namespace parotis::experiment
