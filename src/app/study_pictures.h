// Pictures of a study's patients: images, reference and the prediction of the run that was tested on them.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "dataset/dataset.h"
#include "report/contrast_study.h"

namespace parotis::app {

// Up to three channels: the contrast set's, filled up with others of the dataset when it has fewer than two. Nothing
// when a file is missing or cannot be read, with a warning.
std::vector<report::Panel> PicturesOf(const dataset::Dataset& dataset, const std::filesystem::path& runs,
                                      const std::vector<std::pair<std::string, std::vector<std::string>>>& sets,
                                      const report::StudyPlace& at, const report::HardPatient& patient);

}  // namespace parotis::app
