#include "evaluate/precision_recall.h"

#include <algorithm>

#include "evaluate/overlap.h"
#include "evaluate/ranked_scores.h"

namespace parotis::evaluate {
namespace {

std::vector<PrecisionRecallPoint> PointsOf(const RankedScores& ranked, std::span<const double> scores,
                                           std::span<const int> positive, double positives) {
  std::vector<PrecisionRecallPoint> points;
  double found = 0;
  std::size_t place = 0;
  for (const std::size_t end : ranked.tie_ends) {
    const double threshold = scores[ranked.order[place]];
    for (; place < end; ++place) found += positive[ranked.order[place]];
    points.push_back({threshold, found / positives, found / static_cast<double>(end)});
  }
  return points;
}

}  // namespace

PrecisionRecall PrecisionRecallOf(std::span<const double> scores, std::span<const int> positive,
                                  const BootstrapOptions& bootstrap) {
  PrecisionRecall result;
  result.positives = std::count(positive.begin(), positive.end(), 1);
  result.n = static_cast<std::int64_t>(positive.size());
  result.prevalence =
      result.n == 0 ? kUndefined : static_cast<double>(result.positives) / static_cast<double>(result.n);
  const RankedScores ranked = Rank(scores);
  const std::vector<int> once(scores.size(), 1);
  result.average_precision = AveragePrecision(ranked, positive, once);
  result.interval = {kUndefined, kUndefined};
  if (result.positives == 0) return result;
  result.points = PointsOf(ranked, scores, positive, static_cast<double>(result.positives));
  const std::vector<std::size_t> strata(positive.begin(), positive.end());
  const BootstrapDraws draws = DrawStratified(
      strata, 1,
      [&](Weights weights, std::span<double> results) { results[0] = AveragePrecision(ranked, positive, weights); },
      bootstrap);
  result.interval = draws.IntervalOf(0);
  return result;
}

}  // namespace parotis::evaluate
