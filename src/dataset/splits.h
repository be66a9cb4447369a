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

// Patients are stratified by diagnosis and dealt to `folds` folds: per diagnosis and in all, two folds differ by at
// most one patient. The same seed gives the same folds on every machine, whatever the order of cases. Only cases of
// imagesTr with a label file. Throws kInput when there are fewer patients than folds.
std::vector<Split> MakeSplits(const Dataset& dataset, int folds, std::uint64_t seed);
// Leave one group out: one fold for each value of a column of participants.tsv (site, vendor, …), sorted, which holds
// out that value's patients; same cases as above. Throws kInput when the column is missing, has no value for a case,
// has fewer than two values, or differs between the cases of one patient.
std::vector<Split> MakeSplitsByColumn(const Dataset& dataset, const std::string& column);
// Everything that is wrong with splits, one sentence each: an unknown, unlabelled, repeated or test case, a case in
// train and val, a patient on both sides.
std::vector<std::string> FindSplitProblems(const std::vector<Split>& splits, const Dataset& dataset);
// Reads the lists without asking whether they make sense. Throws kInput when they are not [{"train": [...], "val":
// [...]}].
std::vector<Split> ReadSplitLists(const std::filesystem::path& path);
// Throws kInput on the first of the problems above, too.
std::vector<Split> ReadSplits(const std::filesystem::path& path, const Dataset& dataset);
void WriteSplits(const std::filesystem::path& path, const std::vector<Split>& splits);

}  // namespace parotis::dataset
