// Contrast sets compared with each other, and ways of training, on the same patients.
#pragma once

#include <string>
#include <vector>

#include "evaluate/bootstrap.h"
#include "evaluate/evaluation.h"
#include "experiment/tasks.h"

namespace parotis::experiment {

// A cross-validation that is complete, its folds joined.
struct Finished {
  Task place;  // of its first run: variant, contrast set, repeat and seed
  evaluate::Evaluation evaluation;
};

// Members of study-results.json:
// "comparisons": within every repeat and seed all contrast sets of a variant in pairs, and all variants on a contrast
// set; each such group is one family for Holm's correction (evaluate/comparison.h).
// "over_trainings": the same pairs with all repeats and seeds that both have, when these are several
// (evaluate/replicates.h).
// "variance": what seeds and folds do to strict accuracy and Dice, for every variant, contrast set and repeat
// (evaluate/variance.h).
base::Json CompareAll(const std::vector<Finished>& runs, const evaluate::BootstrapOptions& bootstrap);

}  // namespace parotis::experiment
