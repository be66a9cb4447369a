// What a contrast study consists of: study.json, strict; configs/study.json is a commented example and the manual.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace parotis::experiment {

// Where the numbers of a run's decision rule come from. kNested: from inner folds that the run's members have not seen
// and that are not the run's test fold. kFixed: from the plan; nothing is chosen.
enum class Selection { kNested, kFixed };

// A way of training: the study's plan with a JSON merge patch (RFC 7396), and the weights to start from.
struct Variant {
  std::string name;
  base::Json plan_patch = base::Json::object();
  std::optional<std::filesystem::path> from;
};

// A dataset of other patients on which every run is tested, too.
struct TestSet {
  std::string name;
  std::filesystem::path dataset;
};

struct SlurmOptions {
  std::string partition;           // "": the cluster's default
  std::string time;                // of one task, as sbatch wants it
  std::string memory;              // of one task
  std::vector<std::string> extra;  // further options of sbatch, one an entry
  std::vector<std::string> setup;  // lines of shell run before a task
};

struct Study {
  std::string name;
  std::filesystem::path plan;              // "": made by the rules of `parotis plan`
  std::vector<std::string> contrast_sets;  // empty: all of the plan's, or one of all channels
  int folds = 5;
  int repeats = 1;  // of the cross-validation, each with folds of its own
  std::vector<std::uint64_t> seeds = {1};
  std::uint64_t split_seed = 1;  // folds of repeat r are made by split_seed + r
  std::filesystem::path splits;  // instead: folds from a file as nnU-Net's splits_final.json
  std::string split_by;          // instead: one fold per value of this column of participants.tsv
  std::vector<Variant> variants = {Variant{"plan", base::Json::object(), std::nullopt}};
  Selection selection = Selection::kNested;
  std::vector<TestSet> tests;
  SlurmOptions slurm;
};

const char* NameOf(Selection selection);  // "nested", "fixed"

// Paths in the file are relative to its folder; those returned are absolute. Throws kInput, naming the path of the key,
// on what contradicts itself: two sources of folds, a name twice or one that cannot name a folder, nested selection
// with fewer than three folds.
Study ReadStudy(const std::filesystem::path& path);
Study StudyFromJson(const base::Json& json, const std::string& name, const std::filesystem::path& folder);
base::Json ToJson(const Study& study);
// The same checks on a study that flags have changed.
void CheckStudy(const Study& study, const std::string& name);

}  // namespace parotis::experiment
