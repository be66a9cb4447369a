// What a node makes of a reader's edit: the objects of his version, beside those of the program's.
#pragma once

#include <filesystem>
#include <vector>

#include "app/diagnosis_chain.h"
#include "results/study_objects.h"
#include "service/analysis.h"

namespace parotis::app {

// Of files in `folder`, as the jobs keep them.
std::vector<jobs::ResultObject> RecordsOf(const std::vector<results::StudyObject>& objects,
                                          const std::filesystem::path& folder);

// `request.edit` is there, and what its review asks for is JSON: {"before": the folder of results that was on the
// screen, beside the analysis's, "edit": as review/edit.h reads it}. Writes segmentation.dcm (when there are lesions),
// report.dcm, diagnosis.json, whose lesions say "drawn_by", "tracking_uid" and "reader_class", and the view's folder.
// Throws kInput when the edit does not fit the study as it is now.
service::AnalysisAnswer AnswerEdit(const service::AnalysisRequest& request, const dicom::Study& study,
                                   const plan::BundleInfo& model, const ChainOptions& options);

}  // namespace parotis::app
