// Measured diffusion-weighted volumes that belong together, and which channels they can give.
#pragma once

#include <string>
#include <vector>

#include "dicom/series.h"
#include "intake/roles.h"

namespace parotis::intake {

// A b-value up to this counts as unweighted: effective values of b0 images lie slightly above zero.
inline constexpr double kHighestB0_s_mm2 = 10;
// A b-value within this of 1000 is taken for B1000 as it is; anything else is derived from the fit.
inline constexpr double kB1000Tolerance_s_mm2 = 50;
// b-values closer than this (or 2 %) are one b-value: scanners write effective values.
inline constexpr double kSameB_s_mm2 = 2;

bool SameBValue(double a_s_mm2, double b_s_mm2);

// Distinct b-values, ascending; each is the mean of those that count as the same.
std::vector<double> DistinctBValues(const dicom::Study& study, const std::vector<VolumeReference>& volumes);

// What the b-values lack for the map `channel` (D, F, DSTAR or K), as the second half of a sentence: "needs …"; "" when
// they suffice.
std::string MapNeeds(const std::string& channel, const std::vector<double>& distinct_b_s_mm2);

// What b-values give: B0, B1000 (acquired or from the fit) and ADC, as far as two of them allow, and the fitted maps.
std::vector<std::string> DiffusionChannels(const std::vector<double>& distinct_b_s_mm2);

}  // namespace parotis::intake
