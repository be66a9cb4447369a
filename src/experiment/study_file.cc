#include "experiment/study_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"

namespace parotis::experiment {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::Json;
using base::JsonObject;
using base::Throw;

constexpr int kFewestFoldsNested = 3;
// Folders of the study's own beside those of the variants.
constexpr std::array kTakenNames = {"members", "splits", "plans", "results", "slurm"};

fs::path Resolved(const fs::path& folder, const std::string& text) {
  return text.empty() ? fs::path() : fs::absolute(folder / text).lexically_normal();
}

fs::path ReadPath(JsonObject& object, const std::string& key, const fs::path& folder) {
  std::string text;
  object.Read(key, text);
  return Resolved(folder, text);
}

std::optional<fs::path> ReadOptionalPath(JsonObject& object, const std::string& key, const fs::path& folder) {
  const fs::path path = ReadPath(object, key, folder);
  return path.empty() ? std::nullopt : std::optional(path);
}

std::vector<std::uint64_t> ReadSeeds(const Json& json, const std::string& path) {
  if (!json.is_number()) {
    std::vector<std::uint64_t> seeds;
    JsonObject::ReadValue(json, path, seeds);
    return seeds;
  }
  int count = 0;
  JsonObject::ReadValue(json, path, count);
  if (count < 1) Throw(ErrorKind::kInput, fmt::format("{} is {}; give at least one seed", path, count));
  std::vector<std::uint64_t> seeds;
  for (int s = 1; s <= count; ++s) seeds.push_back(static_cast<std::uint64_t>(s));
  return seeds;
}

Selection ReadSelection(JsonObject& object) {
  std::string text = NameOf(Selection::kNested);
  object.Read("selection", text);
  if (text == NameOf(Selection::kNested)) return Selection::kNested;
  if (text == NameOf(Selection::kFixed)) return Selection::kFixed;
  Throw(ErrorKind::kInput,
        fmt::format("{} is \"{}\"; it must be \"nested\" or \"fixed\"", object.PathOf("selection"), text));
}

// One merge patch that does what `first` and then `second` do. A null takes a key back to its default, so it stays.
Json Joined(Json first, const Json& second) {
  if (!first.is_object() || !second.is_object()) return second;
  for (const auto& [key, value] : second.items()) first[key] = first.contains(key) ? Joined(first[key], value) : value;
  return first;
}

void ReadPatch(JsonObject& object, const std::string& key, Json& patch) {
  object.Read(key, patch);
  if (!patch.is_object())
    Throw(ErrorKind::kInput, object.PathOf(key) + " must be an object: the keys of the plan that differ");
}

// A variant without weights of its own starts from the study's; its changes of the plan come after the study's.
std::vector<Variant> ReadVariants(const Json& json, const std::string& path, const fs::path& folder,
                                  const std::optional<fs::path>& from, const Json& changes) {
  if (!json.is_object()) Throw(ErrorKind::kInput, path + " must be an object: a name, and what differs from the plan");
  std::vector<Variant> variants;
  for (const auto& [name, member] : json.items()) {
    JsonObject object(member, fmt::format("{}.{}", path, name));
    Variant variant{name, Json::object(), from};
    ReadPatch(object, "plan", variant.plan_patch);
    variant.plan_patch = Joined(changes, variant.plan_patch);
    if (object.Has("from")) variant.from = ReadOptionalPath(object, "from", folder);
    object.Finish();
    variants.push_back(std::move(variant));
  }
  return variants;
}

std::vector<TestSet> ReadTests(const std::vector<Json>& list, const std::string& path, const fs::path& folder) {
  std::vector<TestSet> tests;
  for (std::size_t t = 0; t < list.size(); ++t) {
    JsonObject object(list[t], fmt::format("{}[{}]", path, t));
    TestSet test;
    object.ReadRequired("name", test.name);
    test.dataset = Resolved(folder, object.Get<std::string>("dataset"));
    object.Finish();
    tests.push_back(std::move(test));
  }
  return tests;
}

SlurmOptions ReadSlurm(JsonObject object) {
  SlurmOptions slurm;
  object.Read("partition", slurm.partition);
  object.Read("time", slurm.time);
  object.Read("memory", slurm.memory);
  object.Read("extra", slurm.extra);
  object.Read("setup", slurm.setup);
  object.Finish();
  return slurm;
}

// Names become folders, on any file system and in a shell script without quoting.
void CheckName(const std::string& name, const std::string& where) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._+-").find(c) != std::string_view::npos;
  };
  if (name.empty() || name[0] == '.' || name[0] == '-' || !std::all_of(name.begin(), name.end(), fits)) {
    Throw(ErrorKind::kInput,
          fmt::format("{}: \"{}\" cannot name a folder; use letters, digits and . _ + -", where, name));
  }
}

template <class Names>
void CheckNames(const Names& names, const std::string& where) {
  std::set<std::string> seen;
  for (const std::string& name : names) {
    CheckName(name, where);
    if (!seen.insert(name).second) Throw(ErrorKind::kInput, fmt::format("{} holds \"{}\" twice", where, name));
  }
}

void CheckFolds(const Study& study, const std::string& name) {
  const bool given = !study.splits.empty() || !study.split_by.empty();
  if (!study.splits.empty() && !study.split_by.empty())
    Throw(ErrorKind::kInput, fmt::format("{}: folds come either from \"splits\" or by \"split_by\"", name));
  if (given && study.repeats != 1) {
    Throw(ErrorKind::kInput,
          fmt::format("{}: repeats is {}, but the folds are given and there is only one set of them; "
                      "leave out \"splits\" and \"split_by\", or repeat with other seeds",
                      name, study.repeats));
  }
  const int fewest = study.selection == Selection::kNested ? kFewestFoldsNested : 2;
  if (!given && study.folds < fewest) {
    Throw(ErrorKind::kInput, fmt::format("{}: folds is {}; {} selection needs at least {}", name, study.folds,
                                         NameOf(study.selection), fewest));
  }
  if (study.repeats < 1) Throw(ErrorKind::kInput, fmt::format("{}: repeats must be at least 1", name));
}

}  // namespace

const char* NameOf(Selection selection) { return selection == Selection::kNested ? "nested" : "fixed"; }

void CheckStudy(const Study& study, const std::string& name) {
  CheckName(study.name, name + ": name");
  CheckFolds(study, name);
  const std::set<std::uint64_t> seeds(study.seeds.begin(), study.seeds.end());
  if (seeds.empty() || seeds.size() != study.seeds.size())
    Throw(ErrorKind::kInput, name + ": seeds must be different numbers, at least one");
  CheckNames(study.contrast_sets, name + ": contrast_sets");
  std::vector<std::string> variants, tests;
  for (const Variant& variant : study.variants) variants.push_back(variant.name);
  for (const TestSet& test : study.tests) tests.push_back(test.name);
  if (variants.empty()) Throw(ErrorKind::kInput, name + ": variants is empty; leave it out to train as the plan says");
  CheckNames(variants, name + ": variants");
  CheckNames(tests, name + ": tests");
  for (const std::string& variant : variants) {
    if (std::find(kTakenNames.begin(), kTakenNames.end(), variant) == kTakenNames.end()) continue;
    Throw(ErrorKind::kInput, fmt::format("{}: a variant cannot be called \"{}\", which is a folder of the study's own; "
                                         "give it another name",
                                         name, variant));
  }
}

Study StudyFromJson(const Json& json, const std::string& name, const fs::path& folder) {
  JsonObject object(json, name);
  Study study;
  object.ReadRequired("name", study.name);
  study.plan = ReadPath(object, "plan", folder);
  object.Read("contrast_sets", study.contrast_sets);
  object.Read("folds", study.folds);
  object.Read("repeats", study.repeats);
  Json seeds = 1;
  object.Read("seeds", seeds);
  study.seeds = ReadSeeds(seeds, object.PathOf("seeds"));
  object.Read("split_seed", study.split_seed);
  study.splits = ReadPath(object, "splits", folder);
  object.Read("split_by", study.split_by);
  const std::optional<fs::path> from = ReadOptionalPath(object, "from", folder);
  Json changes = Json::object();
  ReadPatch(object, "plan_changes", changes);
  Json variants = Json::object({{"plan", Json::object()}});
  object.Read("variants", variants);
  study.variants = ReadVariants(variants, object.PathOf("variants"), folder, from, changes);
  study.selection = ReadSelection(object);
  std::vector<Json> tests;
  object.Read("tests", tests);
  study.tests = ReadTests(tests, object.PathOf("tests"), folder);
  Json slurm = Json::object();
  object.Read("slurm", slurm);
  study.slurm = ReadSlurm(JsonObject(slurm, object.PathOf("slurm")));
  object.Finish();
  CheckStudy(study, name);
  return study;
}

Study ReadStudy(const fs::path& path) {
  return StudyFromJson(base::ReadJson(path), path.string(), fs::absolute(path).parent_path());
}

Json ToJson(const Study& study) {
  Json variants = Json::object(), tests = Json::array();
  for (const Variant& variant : study.variants) {
    variants[variant.name] = {{"plan", variant.plan_patch},
                              {"from", variant.from ? variant.from->string() : std::string()}};
  }
  for (const TestSet& test : study.tests) tests.push_back({{"name", test.name}, {"dataset", test.dataset.string()}});
  return {{"name", study.name},
          {"plan", study.plan.string()},
          {"contrast_sets", study.contrast_sets},
          {"folds", study.folds},
          {"repeats", study.repeats},
          {"seeds", study.seeds},
          {"split_seed", study.split_seed},
          {"splits", study.splits.string()},
          {"split_by", study.split_by},
          {"variants", variants},
          {"selection", NameOf(study.selection)},
          {"tests", tests},
          {"slurm",
           {{"partition", study.slurm.partition},
            {"time", study.slurm.time},
            {"memory", study.slurm.memory},
            {"extra", study.slurm.extra},
            {"setup", study.slurm.setup}}}};
}

}  // namespace parotis::experiment
