// The study's figures: the folds of each cross-validation joined, so that every patient counts once, and the contrast
// sets compared on the same patients.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "evaluate/evaluation.h"
#include "experiment/pool.h"
#include "experiment/setting.h"

namespace parotis::experiment {

// The evaluation of a run that is done, each case with the run's fold.
evaluate::Evaluation ReadRunEvaluation(const std::filesystem::path& runs, const Task& run);

// What several runs said about different cases as one evaluation. Throws kInput when a case occurs twice or they do not
// belong together.
evaluate::Evaluation Join(const std::vector<evaluate::Evaluation>& parts, const std::string& name);

// Writes results/VARIANT/SET/repeat-R/seed-S/evaluation.json for every cross-validation whose runs are all done, and
// STUDY/study-results.json. `machine`: the hardware, recorded. Returns the document.
base::Json Gather(const Setting& setting, const std::vector<TaskOutcome>& outcomes, const base::Json& machine);

// The document as a table for people, with what failed and why.
std::string TextOf(const base::Json& results);

}  // namespace parotis::experiment
