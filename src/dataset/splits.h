// Cross-validation splits that never separate one patient's cases, in nnU-Net's splits_final.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "dataset/dataset.h"

namespace parotis::dataset {

struct Split {
  std::vector<std::string> train;  // case ids
  std::vector<std::string> val;
};

// Patients are stratified by diagnosis and dealt to `folds` folds; the same seed gives the same folds on every machine.
// Only cases of imagesTr with a label file. Throws kInput when there are fewer patients than folds.
std::vector<Split> MakeSplits(const Dataset& dataset, int folds, std::uint64_t seed);
// Throws kInput: an unknown case, a case in train and val, a patient on both sides.
std::vector<Split> ReadSplits(const std::filesystem::path& path, const Dataset& dataset);
void WriteSplits(const std::filesystem::path& path, const std::vector<Split>& splits);

}  // namespace parotis::dataset
