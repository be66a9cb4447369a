#include "experiment/tasks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "base/error.h"

namespace parotis::experiment {
namespace {

using base::ErrorKind;
using base::Json;
using base::JsonObject;
using base::Throw;

std::vector<std::vector<int>> HeldOutByMembers(Selection selection, int folds) {
  std::vector<std::vector<int>> held_out;
  for (int i = 0; i < folds; ++i) {
    if (selection == Selection::kFixed) held_out.push_back({i});
    for (int j = i + 1; selection == Selection::kNested && j < folds; ++j) held_out.push_back({i, j});
  }
  return held_out;
}

TaskKind KindNamed(const std::string& name, const std::string& path) {
  for (const TaskKind kind : {TaskKind::kMember, TaskKind::kRun, TaskKind::kFinal})
    if (NameOf(kind) == name) return kind;
  Throw(ErrorKind::kInput, fmt::format("{} is \"{}\"; it must be member, run or final", path, name));
}

std::string PlaceOf(const Task& task) {
  return fmt::format("{}/{}/repeat-{}/seed-{}", task.variant, task.contrast_set, task.repeat, task.seed);
}

// The cross-validations of the study, one after the other; `kind` and `folds` are left to the caller.
std::vector<Task> CrossValidations(const Study& study, const std::vector<std::string>& contrast_sets) {
  std::vector<Task> all;
  for (int repeat = 0; repeat < study.repeats; ++repeat) {
    for (const std::uint64_t seed : study.seeds) {
      for (const Variant& variant : study.variants) {
        for (const std::string& set : contrast_sets)
          all.push_back({0, TaskKind::kMember, variant.name, set, repeat, seed, {}, "", {}, {}});
      }
    }
  }
  return all;
}

}  // namespace

std::string NameOf(TaskKind kind) {
  switch (kind) {
    case TaskKind::kMember: return "member";
    case TaskKind::kRun: return "run";
    case TaskKind::kFinal: return "final";
  }
  return {};
}

std::vector<Task> TasksOf(const Study& study, const std::vector<std::string>& contrast_sets, int folds,
                          const std::map<std::string, std::string>& members_of) {
  std::vector<Task> tasks;
  const std::vector<Task> wholes = CrossValidations(study, contrast_sets);
  const auto trained = [&](Task task) {
    const auto other = members_of.find(task.variant);
    if (other != members_of.end()) task.variant = other->second;
    return task;
  };
  std::map<std::string, std::vector<std::size_t>> members;  // by place: their indices
  for (Task task : wholes) {
    if (trained(task).variant != task.variant) continue;
    for (const std::vector<int>& held_out : HeldOutByMembers(study.selection, folds)) {
      task.index = tasks.size();
      task.folds = held_out;
      task.folder = fmt::format("members/{}/without-{}", PlaceOf(task), fmt::join(held_out, "-"));
      members[PlaceOf(task)].push_back(task.index);
      tasks.push_back(task);
    }
  }
  std::map<std::string, std::vector<std::size_t>> runs;
  for (Task task : wholes) {
    task.kind = TaskKind::kRun;
    for (int fold = 0; fold < folds; ++fold) {
      task.index = tasks.size();
      task.folds = {fold};
      task.folder = fmt::format("{}/fold-{}", PlaceOf(task), fold);
      task.needs.clear();
      for (const std::size_t member : members[PlaceOf(trained(task))]) {
        const std::vector<int>& unseen = tasks[member].folds;
        if (std::find(unseen.begin(), unseen.end(), fold) != unseen.end()) task.needs.push_back(member);
      }
      runs[PlaceOf(task)].push_back(task.index);
      tasks.push_back(task);
    }
  }
  for (Task task : wholes) {
    task.kind = TaskKind::kFinal;
    task.index = tasks.size();
    task.folder = PlaceOf(task) + "/final";
    task.needs = members[PlaceOf(trained(task))];
    if (study.selection == Selection::kNested) task.judged_by = runs[PlaceOf(task)];
    tasks.push_back(std::move(task));
  }
  return tasks;
}

std::vector<std::size_t> WaitsFor(const Task& task) {
  std::vector<std::size_t> before = task.needs;
  before.insert(before.end(), task.judged_by.begin(), task.judged_by.end());
  return before;
}

std::string ResultsFolderOf(const Task& task) { return "results/" + PlaceOf(task); }

std::string Describe(const Task& task) {
  const std::string at =
      fmt::format("{}, {}, repeat {}, seed {}", task.variant, task.contrast_set, task.repeat, task.seed);
  if (task.kind == TaskKind::kFinal) return at + ": final model";
  return fmt::format("{}: {} {}", at, task.kind == TaskKind::kRun ? "run tested on fold" : "member without fold",
                     fmt::join(task.folds, " and "));
}

Json ToJson(const std::vector<Task>& tasks) {
  Json json = Json::array();
  for (const Task& task : tasks) {
    json.push_back({{"index", task.index},
                    {"kind", NameOf(task.kind)},
                    {"variant", task.variant},
                    {"contrast_set", task.contrast_set},
                    {"repeat", task.repeat},
                    {"seed", task.seed},
                    {"folds", task.folds},
                    {"folder", task.folder},
                    {"needs", task.needs},
                    {"judged_by", task.judged_by}});
  }
  return json;
}

std::vector<Task> TasksFromJson(const Json& json, const std::string& name) {
  std::vector<Json> list;
  JsonObject::ReadValue(json, name, list);
  std::vector<Task> tasks;
  for (std::size_t t = 0; t < list.size(); ++t) {
    JsonObject object(list[t], fmt::format("{}[{}]", name, t));
    Task task;
    task.index = object.Get<std::uint64_t>("index");
    task.kind = KindNamed(object.Get<std::string>("kind"), object.PathOf("kind"));
    object.ReadRequired("variant", task.variant);
    object.ReadRequired("contrast_set", task.contrast_set);
    object.ReadRequired("repeat", task.repeat);
    object.ReadRequired("seed", task.seed);
    object.ReadRequired("folds", task.folds);
    object.ReadRequired("folder", task.folder);
    object.ReadRequired("needs", task.needs);
    object.ReadRequired("judged_by", task.judged_by);
    object.Finish();
    const auto is_earlier = [&](std::size_t need) { return need < tasks.size(); };
    const bool folds_fit = task.folds.empty() == (task.kind == TaskKind::kFinal);
    if (task.index != t || !folds_fit || !std::all_of(task.needs.begin(), task.needs.end(), is_earlier) ||
        !std::all_of(task.judged_by.begin(), task.judged_by.end(), is_earlier))
      Throw(ErrorKind::kInput, fmt::format("{}: task {} is damaged; start the study again to write it anew", name, t));
    tasks.push_back(std::move(task));
  }
  return tasks;
}

}  // namespace parotis::experiment
