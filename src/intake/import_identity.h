// Under which names a study enters a dataset, and what must not be said about it. Private to this folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dataset/participants.h"
#include "intake/import.h"

namespace parotis::intake {

// Case id, patient, columns of participants.tsv and fingerprint.
ImportedStudy NameStudy(const dicom::Study& study, const ImportOptions& options);
dataset::Participant ParticipantOf(const ImportedStudy& study);

// `message` without quoted text, descriptions, file names, UIDs and whatever identifies the study's patient.
// `truth_files`: those that belong to the study; they are no files of its series, and their names, too, are people's.
std::string WithoutIdentity(const std::string& message, const dicom::Study& study,
                            const std::vector<std::filesystem::path>& truth_files = {});

}  // namespace parotis::intake
