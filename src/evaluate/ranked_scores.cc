#include "evaluate/ranked_scores.h"

#include <algorithm>
#include <numeric>

#include "evaluate/overlap.h"

namespace parotis::evaluate {
namespace {

struct Share {
  double positive = 0;
  double negative = 0;
};

Share WeightOf(const RankedScores& ranked, std::size_t first, std::size_t last, std::span<const int> group,
               Weights weights) {
  Share share;
  for (; first < last; ++first) {
    const std::size_t unit = ranked.order[first];
    if (group[unit] == 1) share.positive += weights[unit];
    if (group[unit] == 0) share.negative += weights[unit];
  }
  return share;
}

}  // namespace

RankedScores Rank(std::span<const double> scores) {
  RankedScores ranked;
  ranked.order.resize(scores.size());
  std::iota(ranked.order.begin(), ranked.order.end(), std::size_t{0});
  std::stable_sort(ranked.order.begin(), ranked.order.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  for (std::size_t place = 1; place <= ranked.order.size(); ++place) {
    const bool ends = place == ranked.order.size() || scores[ranked.order[place]] != scores[ranked.order[place - 1]];
    if (ends) ranked.tie_ends.push_back(place);
  }
  return ranked;
}

std::vector<double> MidRanks(std::span<const double> values) {
  const RankedScores ranked = Rank(values);
  std::vector<double> ranks(values.size());
  std::size_t first = 0;
  for (const std::size_t end : ranked.tie_ends) {
    // Places count from the highest value: place p is rank n − p.
    const double rank = static_cast<double>(values.size()) - 0.5 * static_cast<double>(first + end - 1);
    for (; first < end; ++first) ranks[ranked.order[first]] = rank;
  }
  return ranks;
}

double AreaUnderCurve(const RankedScores& ranked, std::span<const int> group, Weights weights) {
  Share above;
  double won = 0;
  std::size_t first = 0;
  for (const std::size_t end : ranked.tie_ends) {
    const Share here = WeightOf(ranked, first, end, group, weights);
    won += here.negative * (above.positive + 0.5 * here.positive);
    above.positive += here.positive;
    above.negative += here.negative;
    first = end;
  }
  const double pairs = above.positive * above.negative;
  return pairs == 0 ? kUndefined : won / pairs;
}

double AveragePrecision(const RankedScores& ranked, std::span<const int> group, Weights weights) {
  Share above;
  double sum = 0;
  std::size_t first = 0;
  for (const std::size_t end : ranked.tie_ends) {
    const Share here = WeightOf(ranked, first, end, group, weights);
    above.positive += here.positive;
    above.negative += here.negative;
    if (here.positive > 0) sum += here.positive * above.positive / (above.positive + above.negative);
    first = end;
  }
  return above.positive == 0 ? kUndefined : sum / above.positive;
}

}  // namespace parotis::evaluate
