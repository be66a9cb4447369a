#include "evaluate/holm.h"

#include <algorithm>
#include <cmath>

#include "evaluate/overlap.h"

namespace parotis::evaluate {

std::vector<double> HolmAdjusted(std::span<const double> p_values) {
  std::vector<std::size_t> order;
  for (std::size_t h = 0; h < p_values.size(); ++h) {
    if (!std::isnan(p_values[h])) order.push_back(h);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size(), kUndefined);
  double largest = 0;
  for (std::size_t step = 0; step < order.size(); ++step) {
    const double p = p_values[order[step]] * static_cast<double>(order.size() - step);
    largest = std::max(largest, std::min(1.0, p));
    adjusted[order[step]] = largest;
  }
  return adjusted;
}

}  // namespace parotis::evaluate
