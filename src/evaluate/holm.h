// Holm's step-down correction (Scand J Stat 1979;6:65): the probability of one or more false rejections in the whole
// family stays below the level, whatever the hypotheses have to do with each other.
#pragma once

#include <span>
#include <vector>

namespace parotis::evaluate {

// Corrected values in the order given, at most 1. NaN (not tested) stays NaN and does not count as a hypothesis.
std::vector<double> HolmAdjusted(std::span<const double> p_values);

}  // namespace parotis::evaluate
