#include "experiment/comparisons.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "evaluate/comparison.h"
#include "evaluate/fold_metrics.h"
#include "evaluate/replicates.h"
#include "evaluate/variance.h"

namespace parotis::experiment {
namespace {

using base::Json;
using evaluate::BootstrapOptions;

using evaluate::Training;

Training TrainingOf(const Finished& run) { return {run.place.repeat, run.place.seed}; }

// What is compared: methods, each by the runs of its trainings.
struct Group {
  Json what;                         // {"of": "contrast sets", "variant": …} or {"of": "variants", "contrast_set": …}
  std::vector<std::string> methods;  // in the study's order
  std::map<std::string, std::map<Training, const Finished*>> runs;

  void Add(const std::string& method, const Finished& run) {
    if (!runs.contains(method)) methods.push_back(method);
    runs[method][TrainingOf(run)] = &run;
  }
  std::set<Training> Trainings() const {
    std::set<Training> all;
    for (const auto& [method, of_method] : runs) {
      for (const auto& [training, run] : of_method) all.insert(training);
    }
    return all;
  }
};

// One group for every value that `fixed` takes.
std::vector<Group> GroupsBy(const std::vector<Finished>& runs, const char* of, const char* fixed_key,
                            const std::function<std::string(const Task&)>& fixed,
                            const std::function<std::string(const Task&)>& method) {
  std::vector<Group> groups;
  for (const Finished& run : runs) {
    const Json what = {{"of", of}, {fixed_key, fixed(run.place)}};
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.what == what; });
    if (group == groups.end()) group = groups.insert(groups.end(), {what, {}, {}});
    group->Add(method(run.place), run);
  }
  std::erase_if(groups, [](const Group& group) { return group.methods.size() < 2; });
  return groups;
}

std::vector<Group> GroupsOf(const std::vector<Finished>& runs) {
  const auto variant = [](const Task& task) { return task.variant; };
  const auto contrast_set = [](const Task& task) { return task.contrast_set; };
  std::vector<Group> groups = GroupsBy(runs, "contrast sets", "variant", variant, contrast_set);
  for (Group& group : GroupsBy(runs, "variants", "contrast_set", contrast_set, variant))
    groups.push_back(std::move(group));
  return groups;
}

// A method's run as comparisons call it.
evaluate::Evaluation Named(const Finished& run, const std::string& method) {
  evaluate::Evaluation evaluation = run.evaluation;
  evaluation.name = method;
  return evaluation;
}

Json ComparisonsOf(const std::vector<Group>& groups, const BootstrapOptions& bootstrap) {
  Json all = Json::array();
  for (const Group& group : groups) {
    for (const Training& training : group.Trainings()) {
      std::vector<evaluate::Evaluation> runs;
      for (const std::string& method : group.methods) {
        const auto run = group.runs.at(method).find(training);
        if (run != group.runs.at(method).end()) runs.push_back(Named(*run->second, method));
      }
      if (runs.size() < 2) continue;
      Json json = group.what;
      json["repeat"] = training.repeat;
      json["seed"] = training.seed;
      json.update(evaluate::ToJson(evaluate::CompareRuns(
          runs, {bootstrap, /*all_pairs=*/true, evaluate::MainMeasuresOf(evaluate::ViewOf(runs[0]))})));
      all.push_back(std::move(json));
    }
  }
  return all;
}

// [method][training], made once for all pairs.
using Views = std::map<std::string, evaluate::RunsByTraining>;

Views ViewsOf(const Group& group) {
  Views views;
  for (const auto& [method, of_method] : group.runs) {
    for (const auto& [training, run] : of_method) {
      evaluate::RunView& view = views[method][training] = evaluate::ViewOf(run->evaluation);
      view.name = method;
    }
  }
  return views;
}

Json OverTrainings(const Group& group, const BootstrapOptions& bootstrap) {
  if (group.Trainings().size() < 2) return nullptr;
  const Views views = ViewsOf(group);
  std::vector<evaluate::ReplicatedComparison> pairs;
  Json trainings = Json::array();
  for (std::size_t a = 0; a < group.methods.size(); ++a) {
    for (std::size_t b = a + 1; b < group.methods.size(); ++b) {
      const evaluate::PairedTrainings paired =
          evaluate::PairTrainings(views.at(group.methods[a]), views.at(group.methods[b]));
      if (paired.trainings.size() < 2) continue;
      pairs.push_back(evaluate::CompareReplicates(paired.first, paired.second, bootstrap));
      trainings.push_back(Json::array());
      for (const auto& [repeat, seed] : paired.trainings)
        trainings.back().push_back({{"repeat", repeat}, {"seed", seed}});
    }
  }
  if (pairs.empty()) return nullptr;
  evaluate::CorrectTogether(pairs);
  Json json = group.what;
  json["comparisons"] = Json::array();
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    json["comparisons"].push_back(evaluate::ToJson(pairs[p]));
    json["comparisons"].back()["trainings"] = trainings[p];
  }
  return json;
}

// Of every seed and fold.
struct Metrics {
  std::vector<evaluate::RunMetric> strict, dice;
};

Json ComponentsOf(const std::vector<evaluate::RunMetric>& metrics) {
  const bool is_whole =
      std::all_of(metrics.begin(), metrics.end(), [](const auto& metric) { return std::isfinite(metric.value); });
  return is_whole ? evaluate::ToJson(evaluate::ComponentsOf(metrics)) : Json(nullptr);
}

Json VarianceOf(const std::vector<Finished>& runs) {
  std::map<std::string, std::pair<Json, Metrics>> by_place;
  for (const Finished& run : runs) {
    const Task& place = run.place;
    const Json what = {{"variant", place.variant}, {"contrast_set", place.contrast_set}, {"repeat", place.repeat}};
    auto& [json, metrics] = by_place[what.dump()];
    json = what;
    const auto seed = static_cast<std::int64_t>(place.seed);
    for (const evaluate::FoldMetrics& fold : evaluate::MetricsByFold(run.evaluation)) {
      metrics.strict.push_back({seed, fold.fold, fold.strict_accuracy});
      metrics.dice.push_back({seed, fold.fold, fold.tumour_dice});
    }
  }
  Json all = Json::array();
  for (auto& [key, of_place] : by_place) {
    auto& [json, metrics] = of_place;
    json[evaluate::kStrictAccuracy] = ComponentsOf(metrics.strict);
    json[evaluate::kTumourDice] = ComponentsOf(metrics.dice);
    all.push_back(json);
  }
  return all;
}

}  // namespace

Json CompareAll(const std::vector<Finished>& runs, const BootstrapOptions& bootstrap) {
  const std::vector<Group> groups = GroupsOf(runs);
  Json over_trainings = Json::array();
  for (const Group& group : groups) {
    Json json = OverTrainings(group, bootstrap);
    if (!json.is_null()) over_trainings.push_back(std::move(json));
  }
  return {{"comparisons", ComparisonsOf(groups, bootstrap)},
          {"over_trainings", over_trainings},
          {"variance", VarianceOf(runs)}};
}

}  // namespace parotis::experiment
