// Which files of outlines belong to which study.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/conditions.h"
#include "dicom/series.h"

namespace parotis::intake {

struct TruthFiles {
  std::vector<std::vector<std::filesystem::path>> of_study;  // [study]
  std::vector<std::vector<base::Finding>> refusals;          // [study]: truth_ambiguous, truth_unreadable
  std::vector<base::Finding> findings;                       // about files without a study: truth_unmatched
};

// SEG and RT structure sets within a study belong to it, as do those below `folder` (a folder or one file; "": none)
// that name its StudyInstanceUID or one of its series. Other files below `folder` belong to the study whose case id,
// StudyInstanceUID, accession number or patient number is their name, or that of a folder they lie in, or is followed
// there by something else than a letter or digit ("4711_tumour.seg.nrrd"); the longest such name decides, and one that
// fits several studies decides nothing. `case_ids`: [study]. Throws kIo when `folder` cannot be listed.
TruthFiles FindTruthFiles(const std::vector<dicom::Study>& studies, const std::vector<std::string>& case_ids,
                          const std::filesystem::path& folder);

}  // namespace parotis::intake
