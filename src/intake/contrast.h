// Whether a T1-weighted series was taken after contrast agent.
#pragma once

#include <string>
#include <vector>

#include "dicom/series.h"
#include "intake/evidence.h"

namespace parotis::intake {

struct ContrastEvidence {
  bool given = false;
  std::string reason;        // "after contrast agent (9ml MULTI)", "no contrast agent is named"
  std::vector<Term> terms;   // positive: after
  std::string contradicted;  // a phrase where something says after and something else before; else ""
};

// Attribute: an agent (ContrastBolusAgent) +4, "none" −4. Words of the description, in several languages: after +3,
// before −5 (the agent is often entered for the whole examination). Time: acquired up to 90 min after the injection +3,
// before it −6 (ContrastBolusStartTime, of this series or `study_start`, that of another of the study; "" for unknown).
// After means at least 3 points. Where they contradict each other the answer is no, with that reason: an image without
// agent taken for one with it would look like a tumour that does not enhance.
ContrastEvidence ContrastOf(const dicom::Series& series, const std::string& study_start = {});

}  // namespace parotis::intake
