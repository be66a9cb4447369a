#include "evaluate/roc.h"

#include <algorithm>
#include <limits>

#include "evaluate/overlap.h"
#include "evaluate/ranked_scores.h"

namespace parotis::evaluate {
namespace {

// Counts of those called positive at each distinct threshold.
struct Step {
  std::size_t first_unit = 0;  // a unit with the threshold's score
  double true_positive = 0;
  double false_positive = 0;
};

std::vector<Step> StepsOf(const RankedScores& ranked, std::span<const int> positive, Weights weights) {
  std::vector<Step> steps;
  Step so_far;
  std::size_t place = 0;
  for (const std::size_t end : ranked.tie_ends) {
    so_far.first_unit = ranked.order[place];
    for (; place < end; ++place) {
      const std::size_t unit = ranked.order[place];
      (positive[unit] == 1 ? so_far.true_positive : so_far.false_positive) += weights[unit];
    }
    steps.push_back(so_far);
  }
  return steps;
}

// The last step that calls few enough negatives positive, or nullptr when none does.
const Step* StepAt(const std::vector<Step>& steps, double negatives, double least_specificity) {
  const Step* best = nullptr;
  for (const Step& step : steps) {
    // 1e-9: 0.8 of 25 negatives is 5 false positives, whatever the rounding of 1 − 0.8.
    if (step.false_positive > (1 - least_specificity) * negatives + 1e-9) break;
    best = &step;
  }
  return best;
}

double SensitivityAt(const RankedScores& ranked, std::span<const int> positive, Weights weights,
                     double least_specificity) {
  const std::vector<Step> steps = StepsOf(ranked, positive, weights);
  const double positives = steps.back().true_positive;
  const Step* step = StepAt(steps, steps.back().false_positive, least_specificity);
  return step == nullptr ? 0 : step->true_positive / positives;
}

OperatingPoint OperatingPointOf(const std::vector<Step>& steps, std::span<const double> scores,
                                double least_specificity) {
  const Step& all = steps.back();
  const Step* step = StepAt(steps, all.false_positive, least_specificity);
  OperatingPoint point;
  point.least_specificity = least_specificity;
  point.specificity = step == nullptr ? 1 : 1 - step->false_positive / all.false_positive;
  point.threshold = step == nullptr ? std::numeric_limits<double>::infinity() : scores[step->first_unit];
  point.sensitivity = {step == nullptr ? 0 : static_cast<std::int64_t>(step->true_positive),
                       static_cast<std::int64_t>(all.true_positive)};
  return point;
}

void FillOperatingPoints(RocCurve& curve, const RankedScores& ranked, const std::vector<Step>& steps,
                         std::span<const double> scores, std::span<const int> positive,
                         const BootstrapOptions& bootstrap) {
  const std::vector<std::size_t> strata(positive.begin(), positive.end());
  const BootstrapDraws draws = DrawStratified(
      strata, kFixedSpecificities.size(),
      [&](Weights weights, std::span<double> results) {
        for (std::size_t s = 0; s < kFixedSpecificities.size(); ++s) {
          results[s] = SensitivityAt(ranked, positive, weights, kFixedSpecificities[s]);
        }
      },
      bootstrap);
  for (std::size_t s = 0; s < kFixedSpecificities.size(); ++s) {
    curve.operating_points.push_back(OperatingPointOf(steps, scores, kFixedSpecificities[s]));
    curve.operating_points.back().bootstrap = draws.IntervalOf(s);
  }
}

}  // namespace

RocCurve RocOf(std::span<const double> scores, std::span<const int> positive, const BootstrapOptions& bootstrap) {
  RocCurve curve;
  curve.positives = std::count(positive.begin(), positive.end(), 1);
  curve.negatives = static_cast<std::int64_t>(positive.size()) - curve.positives;
  const Placements placements = PlacementsOf(scores, positive);
  curve.auc = placements.auc();
  curve.variance = DeLongCovariance(placements, placements);
  curve.interval = IntervalOfAuc(curve.auc, curve.variance, placements.positives.size(), placements.negatives.size(),
                                 bootstrap.confidence);
  if (curve.positives == 0 || curve.negatives == 0) return curve;
  const RankedScores ranked = Rank(scores);
  const std::vector<int> once(scores.size(), 1);
  const std::vector<Step> steps = StepsOf(ranked, positive, once);
  curve.points.push_back({std::numeric_limits<double>::infinity(), 0, 0});
  for (const Step& step : steps) {
    curve.points.push_back({scores[step.first_unit], step.true_positive / static_cast<double>(curve.positives),
                            step.false_positive / static_cast<double>(curve.negatives)});
  }
  FillOperatingPoints(curve, ranked, steps, scores, positive, bootstrap);
  return curve;
}

const char* NameOf(AucIntervalMethod method) {
  switch (method) {
    case AucIntervalMethod::kLogitDeLong: return "logit DeLong";
    case AucIntervalMethod::kScore: return "score (Newcombe 2006)";
    case AucIntervalMethod::kNone: break;
  }
  return "none";
}

}  // namespace parotis::evaluate
