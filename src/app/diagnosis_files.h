// Everything that is written about one diagnosed study, by `parotis diagnose` and by the node alike.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/diagnosis_chain.h"
#include "base/json.h"
#include "plan/bundle_info.h"
#include "results/study_objects.h"

namespace parotis::app {

struct WrittenDiagnosis {
  base::Json document;                        // diagnosis.json
  std::vector<results::StudyObject> objects;  // none of a refused study
};

// Everything that the answer depends on but the study, the model and the program.
std::string SettingsOf(const ChainOptions& options);

// segmentation.nii.gz, diagnosis.json, report.html and the DICOM objects, in `folder`. All files are of this run, or
// all of the one before: a refusal must not stand beside the segmentation of an earlier run. `study_name` is what the
// page calls the study. Throws as WriteStudyObjects and kIo.
WrittenDiagnosis WriteDiagnosis(const std::filesystem::path& folder, const std::string& study_name,
                                const dicom::Study& study, const ChainOptions& options, const ChainResult& chain,
                                const plan::BundleInfo& model);

}  // namespace parotis::app
