// Whether groups differ. Declared in evaluate/subgroups.h.
#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <set>

#include "base/random.h"
#include "evaluate/overlap.h"
#include "evaluate/ranked_scores.h"
#include "evaluate/subgroups.h"

namespace parotis::evaluate {

double ChiSquared(const std::vector<int>& yes, const std::vector<std::size_t>& group, std::size_t groups) {
  std::vector<double> counts(groups, 0);
  std::vector<double> sizes(groups, 0);
  double total = 0;
  for (std::size_t u = 0; u < yes.size(); ++u) {
    counts[group[u]] += yes[u];
    sizes[group[u]] += 1;
    total += yes[u];
  }
  const auto n = static_cast<double>(yes.size());
  const double share = total / n;
  if (share == 0 || share == 1 || yes.empty()) return kUndefined;
  double statistic = 0;
  for (std::size_t g = 0; g < groups; ++g) {
    if (sizes[g] == 0) continue;
    const double excess = counts[g] - sizes[g] * share;
    statistic += excess * excess / (sizes[g] * share * (1 - share));
  }
  return statistic;
}

double ChiSquaredPermutationP(const std::vector<int>& yes, const std::vector<std::size_t>& group, std::size_t groups,
                              const BootstrapOptions& options) {
  const std::set<std::size_t> distinct(group.begin(), group.end());
  const double observed = ChiSquared(yes, group, groups);
  if (distinct.size() < 2 || std::isnan(observed)) return kUndefined;
  base::Random random(options.seed, {0x67726f7570});
  std::vector<int> shuffled = yes;
  int as_large = 0;
  for (int draw = 0; draw < options.draws; ++draw) {
    random.Shuffle(shuffled);
    as_large += ChiSquared(shuffled, group, groups) >= observed * (1 - 1e-12) ? 1 : 0;
  }
  return (1.0 + as_large) / (1.0 + options.draws);
}

double KruskalWallisP(const std::vector<double>& values, const std::vector<std::size_t>& group, std::size_t groups) {
  const std::vector<double> ranks = MidRanks(values);
  std::vector<double> sums(groups, 0);
  std::vector<double> sizes(groups, 0);
  for (std::size_t u = 0; u < values.size(); ++u) {
    sums[group[u]] += ranks[u];
    sizes[group[u]] += 1;
  }
  const auto n = static_cast<double>(values.size());
  double between = 0;
  double freedom = -1;
  for (std::size_t g = 0; g < groups; ++g) {
    if (sizes[g] == 0) continue;
    between += sums[g] * sums[g] / sizes[g];
    ++freedom;
  }
  double ties = 0;
  std::size_t first = 0;
  for (const std::size_t end : Rank(values).tie_ends) {
    const auto tied = static_cast<double>(end - first);
    ties += tied * tied * tied - tied;
    first = end;
  }
  const double correction = 1 - ties / (n * n * n - n);
  if (freedom < 1 || !(correction > 0)) return kUndefined;
  const double statistic = (12 / (n * (n + 1)) * between - 3 * (n + 1)) / correction;
  return boost::math::cdf(boost::math::complement(boost::math::chi_squared(freedom), std::max(0.0, statistic)));
}

}  // namespace parotis::evaluate
