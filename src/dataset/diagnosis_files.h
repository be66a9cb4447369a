// What was said about cases, in a folder of predictions.
#pragma once

#include <filesystem>
#include <string>

#include "dataset/diagnosis.h"

namespace parotis::dataset {

std::filesystem::path DiagnosisFile(const std::filesystem::path& folder, const std::string& case_id);
// The lesions' ids as a label map.
std::filesystem::path LesionMapFile(const std::filesystem::path& folder, const std::string& case_id,
                                    const std::string& file_ending = ".nii.gz");

// Throws kInput when the file is damaged or speaks of another case.
Diagnosis ReadDiagnosis(const std::filesystem::path& folder, const std::string& case_id);

}  // namespace parotis::dataset
