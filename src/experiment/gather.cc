#include "experiment/gather.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/build_info.h"
#include "base/error.h"
#include "evaluate/json_values.h"
#include "evaluate/summary.h"
#include "experiment/comparisons.h"
#include "experiment/result.h"

namespace parotis::experiment {
namespace {

namespace fs = std::filesystem;
using base::Json;

// The runs of one cross-validation, in the order of the folds.
struct CrossValidation {
  const Task* first = nullptr;
  std::vector<const Task*> runs;
  bool complete = true;
};

std::vector<CrossValidation> CrossValidationsOf(const Setting& setting, const std::vector<TaskOutcome>& outcomes) {
  std::vector<CrossValidation> all;
  for (const Task& task : setting.tasks) {
    if (task.kind != TaskKind::kRun) continue;
    if (all.empty() || ResultsFolderOf(*all.back().first) != ResultsFolderOf(task)) all.push_back({&task, {}, true});
    all.back().runs.push_back(&task);
    all.back().complete = all.back().complete && outcomes[task.index].state == TaskState::kDone;
  }
  return all;
}

evaluate::BootstrapOptions BootstrapOf(const Setting& setting) {
  evaluate::BootstrapOptions bootstrap;
  bootstrap.threads = setting.computing.threads;
  return bootstrap;
}

// Keys of study-results.json; evaluation.json has others.
Json FigureOf(const evaluate::Proportion& proportion) {
  if (proportion.n == 0) return nullptr;
  const evaluate::Interval interval = proportion.interval();
  return {{"value", proportion.estimate()}, {"n", proportion.n}, {"interval", {interval.low, interval.high}}};
}

Json FigureOf(double value, const evaluate::Interval& interval) {
  return {{"value", evaluate::OrNull(value)}, {"interval", evaluate::ToJson(interval)}};
}

// The figures of the study's table.
Json FiguresOf(const evaluate::Summary& summary) {
  const evaluate::Classification& classes = summary.classification;
  Json one_vs_rest = Json::object();
  for (const evaluate::OneVersusRest& one : classes.one_vs_rest) {
    one_vs_rest[one.class_name] = {{"accuracy", FigureOf(one.accuracy())},
                                   {"sensitivity", FigureOf(one.sensitivity())},
                                   {"specificity", FigureOf(one.specificity())}};
  }
  Json dice = Json::object();
  for (const evaluate::LabelSummary& label : summary.classes)
    dice[label.name] = FigureOf(label.dice.mean, label.dice_interval);
  return {{"patients", summary.patients},
          {"labels_are", evaluate::WhatLabelsAre(summary)},
          {"dice", dice},
          {"strict_accuracy", FigureOf(classes.strict_accuracy)},
          {"balanced_accuracy", FigureOf(classes.balanced_accuracy, classes.balanced_accuracy_interval)},
          {"tumour_dice", FigureOf(summary.tumour.dice_when_present.mean, summary.tumour_dice_interval)},
          {"tumour_found", FigureOf(classes.tumour_found)},
          {"one_vs_rest", one_vs_rest}};
}

Json PlaceOf(const Task& task) {
  return {{"variant", task.variant}, {"contrast_set", task.contrast_set}, {"repeat", task.repeat}, {"seed", task.seed}};
}

std::string NameOf(const Task& task) {
  return fmt::format("{}/{} (repeat {}, seed {})", task.variant, task.contrast_set, task.repeat, task.seed);
}

// One cross-validation's row; its evaluation joins `finished` for the comparisons.
Json RowOf(const Setting& setting, const CrossValidation& whole, std::vector<Finished>& finished) {
  Json row = PlaceOf(*whole.first);
  row["complete"] = whole.complete;
  if (!whole.complete) return row;
  std::vector<evaluate::Evaluation> parts;
  parts.reserve(whole.runs.size());
  for (const Task* run : whole.runs) parts.push_back(ReadRunEvaluation(setting.runs, *run));
  evaluate::Evaluation joined = Join(parts, NameOf(*whole.first));
  const evaluate::Summary summary = evaluate::Summarise(joined, BootstrapOf(setting));
  const std::string folder = ResultsFolderOf(*whole.first);
  base::WriteJson(setting.runs / folder / "evaluation.json", evaluate::DocumentOf(joined, summary));
  row["evaluation"] = folder + "/evaluation.json";
  row["figures"] = FiguresOf(summary);
  finished.push_back({*whole.first, std::move(joined)});
  return row;
}

// The final models' figures on the further test datasets.
Json TestsOf(const Setting& setting, const std::vector<TaskOutcome>& outcomes) {
  Json rows = Json::array();
  for (const TestSet& test : setting.study.tests) {
    for (const Task& task : setting.tasks) {
      if (task.kind != TaskKind::kFinal || outcomes[task.index].state != TaskState::kDone) continue;
      Json row = PlaceOf(task);
      row["test"] = test.name;
      const fs::path folder = setting.FolderOf(task) / "tests" / test.name;
      row["figures"] = FiguresOf(evaluate::Summarise(evaluate::ReadEvaluation(folder), BootstrapOf(setting)));
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

// By kind: how many, and the seconds they took together on their machines.
Json CostOf(const Setting& setting, const std::vector<TaskOutcome>& outcomes) {
  std::map<std::string, double> seconds;
  std::set<std::string> machines;
  for (const Task& task : setting.tasks) {
    if (outcomes[task.index].state != TaskState::kDone) continue;
    seconds[NameOf(task.kind) + "s"] += outcomes[task.index].seconds;
    machines.insert(ReadResult(setting.FolderOf(task))->machine);
  }
  return {{"seconds", seconds}, {"machines", machines}};
}

Json FailuresOf(const Setting& setting, const std::vector<TaskOutcome>& outcomes) {
  Json failures = Json::array();
  for (const Task& task : setting.tasks) {
    if (outcomes[task.index].state != TaskState::kFailed) continue;
    failures.push_back({{"task", task.index}, {"folder", task.folder}, {"reason", outcomes[task.index].reason}});
  }
  return failures;
}

Json WhatItWas(const Setting& setting) {
  Json plans = Json::object(), splits = Json::array();
  for (const auto& [variant, plan] : setting.plans) plans[variant] = plan::HashOf(plan);
  for (const Folds& folds : setting.repeats) splits.push_back(folds.sha256);
  return {{"name", setting.study.name},
          {"dataset", setting.dataset.name},
          {"selection", NameOf(setting.study.selection)},
          {"folds", setting.repeats[0].splits.size()},
          {"plan_sha256", plans},
          {"splits_sha256", splits},
          {"threads_per_run", setting.computing.threads},
          {"device", setting.computing.device},
          {"build_id", base::BuildId()}};
}

}  // namespace

evaluate::Evaluation ReadRunEvaluation(const fs::path& runs, const Task& run) {
  evaluate::Evaluation evaluation = evaluate::ReadEvaluation(runs / run.folder);
  for (evaluate::CaseResult& result : evaluation.cases) result.fold = run.folds[0];
  return evaluation;
}

evaluate::Evaluation Join(const std::vector<evaluate::Evaluation>& parts, const std::string& name) {
  evaluate::Evaluation joined = parts.at(0);
  joined.name = name;
  std::set<std::string> hashes(joined.bundle_hashes.begin(), joined.bundle_hashes.end());
  for (std::size_t p = 1; p < parts.size(); ++p) {
    if (parts[p].classes != joined.classes || parts[p].dataset_name != joined.dataset_name)
      base::Throw(base::ErrorKind::kInput, name + ": its folds are evaluations of different datasets");
    joined.cases.insert(joined.cases.end(), parts[p].cases.begin(), parts[p].cases.end());
    joined.left_out.insert(joined.left_out.end(), parts[p].left_out.begin(), parts[p].left_out.end());
    hashes.insert(parts[p].bundle_hashes.begin(), parts[p].bundle_hashes.end());
  }
  joined.bundle_hashes.assign(hashes.begin(), hashes.end());
  std::sort(joined.cases.begin(), joined.cases.end(),
            [](const auto& one, const auto& other) { return one.case_id < other.case_id; });
  const auto twice =
      std::adjacent_find(joined.cases.begin(), joined.cases.end(),
                         [](const auto& one, const auto& other) { return one.case_id == other.case_id; });
  if (twice != joined.cases.end())
    base::Throw(base::ErrorKind::kInput, fmt::format("{}: the case {} was tested twice", name, twice->case_id));
  return joined;
}

Json Gather(const Setting& setting, const std::vector<TaskOutcome>& outcomes, const Json& machine) {
  Json document = {{"format_version", 2}, {"notice", base::kResearchUseOnly}, {"study", WhatItWas(setting)}};
  std::vector<Finished> finished;
  document["cross_validations"] = Json::array();
  for (const CrossValidation& whole : CrossValidationsOf(setting, outcomes))
    document["cross_validations"].push_back(RowOf(setting, whole, finished));
  document.update(CompareAll(finished, BootstrapOf(setting)));
  document["tests"] = TestsOf(setting, outcomes);
  document["failed"] = FailuresOf(setting, outcomes);
  document["cost"] = CostOf(setting, outcomes);
  document["machine"] = machine;
  base::WriteJson(setting.runs / "study-results.json", document);
  return document;
}

}  // namespace parotis::experiment
