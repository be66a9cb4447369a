// The study as a list of tasks that can be done one by one, anywhere, in any order that respects what they need.
//
// A member is one trained network: (variant, contrast set, repeat, seed, the folds it has not seen). A run is what is
// tested on one fold k: with fixed selection the member that has not seen {k}; with nested selection the ensemble of
// the members {k, j} for all other folds j, whose decision rule is chosen on what member {k, j} says about fold j.
// A member {i, j} serves run i and run j, so that a strict nested cross-validation of F folds costs F (F − 1) / 2
// trainings per contrast set instead of F. The final model joins all members of a cross-validation: it is what one
// would use afterwards, has seen every patient of the dataset, and is what further test datasets are predicted by. With
// nested selection its rule is chosen on what the runs say about the fold each is tested on: every patient once, judged
// by an ensemble, as the final model is one, that has not seen them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "experiment/study_file.h"

namespace parotis::experiment {

enum class TaskKind { kMember, kRun, kFinal };
std::string NameOf(TaskKind kind);  // "member", "run", "final"

struct Task {
  std::size_t index = 0;
  TaskKind kind = TaskKind::kMember;
  std::string variant;
  std::string contrast_set;
  int repeat = 0;
  std::uint64_t seed = 1;
  std::vector<int> folds;  // a member: those it has not seen, ascending; a run: the one it is tested on; final: none
  std::string folder;      // below the study's
  std::vector<std::size_t> needs;      // indices of the members that are joined
  std::vector<std::size_t> judged_by;  // final with nested selection: of the runs on whose tests its rule is chosen
  bool operator==(const Task&) const = default;
};

// Members first, then runs, then final models; within each repeat by repeat, seed by seed, so that a whole
// cross-validation is there early. `contrast_sets`: the study's, or the plan's when it names none. `folds`: how many
// there really are. `members_of`: by variant, the one whose members are its own too, because both train alike; itself
// when it is not named.
std::vector<Task> TasksOf(const Study& study, const std::vector<std::string>& contrast_sets, int folds,
                          const std::map<std::string, std::string>& members_of = {});

// Indices of the tasks that must be done before it.
std::vector<std::size_t> WaitsFor(const Task& task);
// Where the folds of one cross-validation are joined: results/VARIANT/SET/repeat-R/seed-S.
std::string ResultsFolderOf(const Task& task);
// "diffusion, fold 2" with what distinguishes it within the study: for messages.
std::string Describe(const Task& task);

base::Json ToJson(const std::vector<Task>& tasks);
std::vector<Task> TasksFromJson(const base::Json& json, const std::string& name);

}  // namespace parotis::experiment
