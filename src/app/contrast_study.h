// The folder that `parotis study` leaves, finished or not, as the report of it wants it.
#pragma once

#include <filesystem>

#include "dataset/dataset.h"
#include "report/contrast_study.h"

namespace parotis::app {

// `dataset`: the study's; null: no table of patients, no pictures. Only what result.json vouches for is taken. Throws
// kUsage when the folder holds no study, or one of another dataset.
report::ContrastStudyInput ReadContrastStudy(const std::filesystem::path& runs, const dataset::Dataset* dataset);

// An events file for every network of the study, in folders named as its own below `folder`. Returns how many.
std::size_t WriteStudyEvents(const std::filesystem::path& runs, const std::filesystem::path& folder);

}  // namespace parotis::app
