// Whether a T1-weighted series was taken after contrast agent.
#pragma once

#include <string>

#include "dicom/series.h"

namespace parotis::intake {

struct ContrastEvidence {
  bool given = false;
  std::string reason;  // "after contrast agent (9ml MULTI)", "no contrast agent is named"
};

// The attribute first (ContrastBolusAgent), words in several languages second. Where they contradict each other the
// answer is no, with that reason: an image without agent taken for one with it would look like a tumour that does not
// enhance.
ContrastEvidence ContrastOf(const dicom::Series& series);

}  // namespace parotis::intake
