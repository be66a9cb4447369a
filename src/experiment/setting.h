// All that a task needs to know, fixed when the study starts and kept in its folder: STUDY/study.json, plan.json,
// plans/VARIANT.json, splits/repeat-R.json, tasks.json. A task that is done alone, on another machine, reads them.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "experiment/splits_plan.h"
#include "experiment/study_file.h"
#include "experiment/tasks.h"
#include "plan/plan.h"

namespace parotis::experiment {

// How every task computes. The number of threads decides the last bits of a result, so it stays with the study.
struct Computing {
  int threads = 1;
  std::string device = "cpu";
};

struct Setting {
  std::filesystem::path runs;  // the study's folder
  dataset::Dataset dataset;
  Study study;
  Computing computing;
  plan::Plan base_plan;  // without the variants' patches
  std::vector<std::string> contrast_sets;
  std::map<std::string, plan::Plan> plans;  // by variant
  std::vector<Folds> repeats;
  std::vector<Task> tasks;

  const Variant& VariantOf(const Task& task) const;
  const plan::Plan& PlanOf(const Task& task) const { return plans.at(task.variant); }
  const Folds& FoldsOf(const Task& task) const { return repeats.at(static_cast<std::size_t>(task.repeat)); }
  std::filesystem::path FolderOf(const Task& task) const { return runs / task.folder; }
  // What a member or a run of a nested study finds before a rule is applied: what the rules of others are chosen on. A
  // member has no rule, so that its predictions are nothing else. "": the task leaves none.
  std::filesystem::path CandidatesOf(const Task& task) const;
  const Task& TaskAt(std::size_t index) const;  // throws kUsage when there is none
};

// The plan of a variant: `base_plan` with the variant's merge patch. Throws kInput naming the variant.
plan::Plan PlanOfVariant(const plan::Plan& base_plan, const Variant& variant);

// Everything but writing: what --dry-run looks at. `make_plan` is called when the study names no plan and its folder
// has none yet.
Setting Consider(const Study& study, const dataset::Dataset& dataset, const Computing& computing,
                 const std::filesystem::path& runs, const std::function<plan::Plan()>& make_plan);
// Writes the study's files. What was begun is gone on with: contrast sets, seeds, repeats, variants and tests may have
// been added; throws kUsage when the folder holds other folds, another plan of a variant, another dataset or another
// number of threads.
Setting Begin(const Study& study, const dataset::Dataset& dataset, const Computing& computing,
              const std::filesystem::path& runs, const std::function<plan::Plan()>& make_plan);
// Reads them. Throws kUsage when `dataset` is not the study's.
Setting Open(const std::filesystem::path& runs, const dataset::Dataset& dataset);
// Of a study that was begun; nothing otherwise.
std::optional<Computing> RecordedComputing(const std::filesystem::path& runs);

}  // namespace parotis::experiment
