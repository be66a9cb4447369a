// What two candidates of different roles are worth together: one frame of reference, the same part of the patient, an
// ADC map made from these very diffusion images, a pair before and after contrast agent.
#pragma once

#include <vector>

#include "intake/candidates.h"
#include "intake/evidence.h"

namespace parotis::intake {

// False: the two roles do not look at each other.
bool Matter(Role a, Role b);

// In either order; either may be nobody.
std::vector<Term> TermsTogether(const ClassifiedStudy& classified, const Candidate& a, const Candidate& b);

}  // namespace parotis::intake
