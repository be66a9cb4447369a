// The two steps of OpenDataset that verifying takes one by one. Private to this folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dataset/dataset.h"

namespace parotis::dataset {

// dataset.json and the files of imagesTr, labelsTr, imagesTs, labelsTs; without participants.
Dataset ListDataset(const std::filesystem::path& folder);
// Cases in two places, cases without a row in participants.tsv (when there is one): one sentence each.
std::vector<std::string> FindCaseListProblems(const Dataset& dataset);

}  // namespace parotis::dataset
