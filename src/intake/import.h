// Many studies into one dataset (nnU-Net layout). A study that fails is reported and the rest goes on.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dicom/index.h"
#include "intake/alignment.h"
#include "intake/roles.h"

namespace parotis::intake {

struct ImportOptions {
  std::vector<std::string> channels;  // required of every study; empty: whatever each study offers
  std::string name = "imported";
  std::string salt;       // of the pseudonyms (intake/load_case.h)
  std::vector<Pin> pins;  // of every study
  bool accept_other_frames = false;
  AlignmentOptions alignment;
  int threads = 0;
};

struct ImportedStudy {
  std::string study_uid;
  std::string case_id;
  std::vector<std::string> channels;           // written; empty when it failed
  std::string error;                           // one sentence; empty when it did not
  base::Json alignment = base::Json::array();  // per acquisition, when asked for (intake/alignment.h)
};

// One case per study, written as they are done; at most `threads` studies are in memory. Case ids and participant ids
// are pseudonyms, and nothing that is written holds a name, number, date or UID of the DICOM files. Sex and age go into
// participants.tsv. Throws kInput when no study offers anything, kUsage when `output` already holds a dataset.
std::vector<ImportedStudy> ImportStudies(const dicom::Index& index, const std::filesystem::path& output,
                                         const ImportOptions& options);

}  // namespace parotis::intake
