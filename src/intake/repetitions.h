// Runs of one protocol: a sequence is repeated when its first run was spoilt, mostly by motion. Known by attributes
// alone, because names are changed ("…_rpt") or kept.
#pragma once

#include <vector>

#include "intake/candidates.h"

namespace parotis::intake {

// Same timing, flip angle, plane, voxels and suppression, stacks at one place (overlap ≥ 0.7), acquired at different
// times (by number where times are missing). Reconstructions of one acquisition are not repetitions.
bool AreRuns(const dicom::Study& study, const Candidate& a, const Candidate& b);

// Adds the term "repetition" to the candidates of one role, which come later acquired first: the latest complete run of
// several +2; one with less than 90 % of the slices of another run −6.
void JudgeRepetitions(const dicom::Study& study, std::vector<Candidate>& candidates);

}  // namespace parotis::intake
