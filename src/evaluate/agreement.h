// How far readers agree beyond chance. Categories are whatever was said; "no tumour found" is one of its own.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace parotis::evaluate {

// Two readers on the same patients (Cohen, Educ Psychol Meas 1960;20:37). NaN without patients, or when chance alone
// agrees always.
double CohenKappa(std::span<const std::string> first, std::span<const std::string> second);

// Several readers (Fleiss, Psychol Bull 1971;76:378). `ratings`: [patient][reader], every reader for every patient. NaN
// with fewer than two readers, without patients, or when all said the same always.
double FleissKappa(const std::vector<std::vector<std::string>>& ratings);

}  // namespace parotis::evaluate
