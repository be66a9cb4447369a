// Why a series was chosen, or another instead of it, in words.
#pragma once

#include <string>
#include <vector>

#include "dicom/series.h"
#include "intake/roles.h"

namespace parotis::intake {

// "series 4 (t2_tse_tra)", "series 6 (dwi b0) and 7 (dwi b1000)".
std::string NamesOf(const dicom::Study& study, const std::vector<std::size_t>& series);

// "series 4 (t2_tse_tra) is axial, this one sagittal": the thing in which the chosen one is most ahead.
std::string WhyPreferred(const dicom::Study& study, const RoleChoice& choice, const Rival& rival);

// One sentence for a role that is tied, and one for a repeated protocol.
std::string TieSentence(const dicom::Study& study, const RoleChoice& choice);
std::string RepetitionSentence(const dicom::Study& study, const RoleChoice& choice, const Rival& rival);

}  // namespace parotis::intake
