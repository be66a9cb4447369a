#include "evaluate/weighted_means.h"

#include <vector>

#include "evaluate/overlap.h"
#include "evaluate/statistics.h"

namespace parotis::evaluate {

double WeightedMean(std::span<const double> values, Weights weights) {
  double sum = 0;
  double total = 0;
  for (std::size_t u = 0; u < values.size(); ++u) {
    sum += weights[u] * values[u];
    total += weights[u];
  }
  return total == 0 ? kUndefined : sum / total;
}

double MeanOverClasses(std::span<const double> values, std::span<const std::size_t> truth, std::size_t classes,
                       Weights weights) {
  std::vector<double> sums(classes, 0);
  std::vector<double> totals(classes, 0);
  for (std::size_t u = 0; u < values.size(); ++u) {
    sums[truth[u]] += weights[u] * values[u];
    totals[truth[u]] += weights[u];
  }
  std::vector<double> means;
  for (std::size_t c = 0; c < classes; ++c) {
    if (totals[c] > 0) means.push_back(sums[c] / totals[c]);
  }
  return MeanOf(means);
}

}  // namespace parotis::evaluate
