#include "experiment/result.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/hash.h"

namespace parotis::experiment {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr std::array kMade = {"model.safetensors", "decision.json",   "predictions",
                              "candidates",        "evaluation.json", "tests"};

std::string HashOfFolder(const fs::path& folder) {
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    lines.push_back(
        fmt::format("{}\t{}\n", fs::relative(entry.path(), folder).string(), base::HashOfFile(entry.path())));
  }
  std::sort(lines.begin(), lines.end());
  return base::HashOf(fmt::format("{}", fmt::join(lines, "")));
}

Json IdentityOfMember(const Setting& setting, const Task& task) {
  const std::optional<fs::path>& from = setting.VariantOf(task).from;
  Json held_out = Json::array();
  for (const int fold : task.folds) held_out.push_back(HeldOutCases(setting.FoldsOf(task), fold));
  return {{"train", TrainingCases(setting.FoldsOf(task), task.folds)},
          {"held_out", held_out},
          {"seed", task.seed},
          {"from", from ? base::HashOfFile(*from) : ""},
          {"threads", setting.computing.threads},
          {"device", setting.computing.device}};
}

// Of the tasks with these indices. Throws kUsage when one is not done.
Json FilesOf(const Setting& setting, const std::vector<std::size_t>& indices) {
  Json files = Json::object();
  for (const std::size_t index : indices) {
    const Task& task = setting.TaskAt(index);
    const std::optional<Result> made = ReadResult(setting.FolderOf(task));
    if (!made) base::Throw(base::ErrorKind::kUsage, fmt::format("{} is not done yet", Describe(task)));
    files[task.folder] = made->files;
  }
  return files;
}

Json IdentityOfJoined(const Setting& setting, const Task& task) {
  Json identity = {{"members", FilesOf(setting, task.needs)}, {"selection", NameOf(setting.study.selection)}};
  if (task.kind == TaskKind::kRun) {
    identity["tested"] = HeldOutCases(setting.FoldsOf(task), task.folds[0]);
    return identity;
  }
  identity["judged_by"] = FilesOf(setting, task.judged_by);
  identity["tests"] = Json::array();
  for (const TestSet& test : setting.study.tests) identity["tests"].push_back(test.name);
  return identity;
}

}  // namespace

Json HashesOf(const fs::path& folder) {
  Json files = Json::object();
  for (const char* name : kMade) {
    const fs::path path = folder / name;
    if (fs::is_directory(path)) files[name] = HashOfFolder(path);
    if (fs::is_regular_file(path)) files[name] = base::HashOfFile(path);
  }
  if (!files.contains("tests")) return files;
  for (const auto& test : fs::directory_iterator(folder / "tests")) {
    const fs::path evaluation = test.path() / "evaluation.json";
    if (fs::exists(evaluation)) files[fs::relative(evaluation, folder).string()] = base::HashOfFile(evaluation);
  }
  return files;
}

void WriteResult(const fs::path& folder, const Result& result) {
  base::WriteJson(folder / "result.json", {{"identity", result.identity},
                                           {"sha256", result.files},
                                           {"seconds", result.seconds},
                                           {"machine", result.machine}});
}

std::optional<Result> ReadResult(const fs::path& folder) {
  const fs::path file = folder / "result.json";
  if (!fs::exists(file)) return std::nullopt;
  const Json json = base::ReadJson(file);
  base::JsonObject object(json, file.string());
  Result result;
  object.ReadRequired("identity", result.identity);
  object.ReadRequired("sha256", result.files);
  object.ReadRequired("seconds", result.seconds);
  object.ReadRequired("machine", result.machine);
  object.Finish();
  return result;
}

std::string IdentityOf(const Setting& setting, const Task& task) {
  const plan::Plan& plan = setting.PlanOf(task);
  const bool member = task.kind == TaskKind::kMember;
  const Json decides = {{"plan", plan::HashOf(plan)},
                        {"channels", plan.ChannelsOf(task.contrast_set)},
                        {"made_of", member ? IdentityOfMember(setting, task) : IdentityOfJoined(setting, task)}};
  return base::HashOf(decides.dump());
}

bool IsDone(const Setting& setting, const Task& task) {
  const fs::path folder = setting.FolderOf(task);
  const std::optional<Result> result = ReadResult(folder);
  if (!result || result->files != HashesOf(folder)) return false;
  if (task.kind != TaskKind::kMember) {
    const std::vector<std::size_t> before = WaitsFor(task);
    const bool all_are_there = std::all_of(before.begin(), before.end(), [&](std::size_t index) {
      return ReadResult(setting.FolderOf(setting.TaskAt(index))).has_value();
    });
    return all_are_there && result->identity == IdentityOf(setting, task);
  }
  if (result->identity == IdentityOf(setting, task)) return true;
  base::Throw(base::ErrorKind::kUsage,
              fmt::format("{} holds a member that was made otherwise (the weights it starts from, or its cases, have "
                          "changed); remove it to have it made anew, or give another folder with -o",
                          folder.string()));
}

}  // namespace parotis::experiment
