// Means under the weights of one resample.
#pragma once

#include <span>

#include "evaluate/ranked_scores.h"

namespace parotis::evaluate {

// NaN without weight.
double WeightedMean(std::span<const double> values, Weights weights);
// Mean over the classes of the weighted mean within each; classes without weight are left out. `truth`: [unit], below
// `classes`.
double MeanOverClasses(std::span<const double> values, std::span<const std::size_t> truth, std::size_t classes,
                       Weights weights);

}  // namespace parotis::evaluate
