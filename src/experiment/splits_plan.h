// The folds of every repeat: made once, kept in the study's folder, and the same for every contrast set, variant and
// seed, so that comparisons are paired.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dataset/dataset.h"
#include "dataset/splits.h"
#include "experiment/study_file.h"

namespace parotis::experiment {

// One cross-validation's folds.
struct Folds {
  std::vector<dataset::Split> splits;  // per fold
  std::string sha256;                  // of the lists, in a canonical form
};

// Per repeat: from the study's file, by its column, or by its seed. Throws kInput when two folds test the same patient
// or a patient is on both sides.
std::vector<Folds> MakeFolds(const Study& study, const dataset::Dataset& dataset);
// Writes STUDY/splits/repeat-R.json. Throws kUsage when a file there holds other folds.
void FreezeFolds(const std::vector<Folds>& repeats, const std::filesystem::path& runs);
// Reads them back.
Folds ReadFolds(const std::filesystem::path& runs, int repeat, const dataset::Dataset& dataset);

// Cases that a network has not to see when `folds` are held out, and those it learns from: in the training part of each
// of these folds.
std::vector<std::string> TrainingCases(const Folds& folds, const std::vector<int>& held_out);
const std::vector<std::string>& HeldOutCases(const Folds& folds, int fold);
// What a further dataset is tested on.
std::vector<std::string> LabelledCases(const dataset::Dataset& others);

}  // namespace parotis::experiment
