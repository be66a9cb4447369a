// Whether a study may be one of the head and neck. Used by `diagnose`; `inspect` and `import` take any body part.
//
// What the study says          by BodyPartExamined, anatomic region, study and series descriptions, protocol names
//   head and neck by name      → accept  (parotid, salivary gland, neck, HEADNECK, face, … in several languages)
//   nothing, or only "head"    → flag    (blank, HEAD, SKULL, JAW: silent, a person should look)
//   a neighbour                → refuse, or flag when something else names head and neck  (brain, orbit, pituitary,
//   cervical spine:
//                                scanners keep the last body part, so an ENT protocol under BRAIN is common)
//   another part of the body   → refuse  (prostate, knee, breast, liver, …), whatever else is said
#pragma once

#include <string>

#include "dicom/series.h"

namespace parotis::intake {

enum class Verdict { kAccept, kFlag, kRefuse };

std::string NameOf(Verdict verdict);  // "accept", "flag", "refuse"

struct Eligibility {
  Verdict verdict = Verdict::kFlag;
  std::string reason;  // one sentence that quotes what the study says
  std::string code;    // of the condition: "" (accepted), body_part_silent or body_part_elsewhere
};

Eligibility CheckHeadAndNeck(const dicom::Study& study);

}  // namespace parotis::intake
