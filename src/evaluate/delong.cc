#include "evaluate/delong.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>

#include "evaluate/overlap.h"
#include "evaluate/ranked_scores.h"

namespace parotis::evaluate {
namespace {

double NormalQuantile(double confidence) { return boost::math::quantile(boost::math::normal(), 0.5 + confidence / 2); }

// Sample covariance; NaN below two values.
double Covariance(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() < 2) return kUndefined;
  const double mean_a = MeanOf(a);
  const double mean_b = MeanOf(b);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
  return sum / static_cast<double>(a.size() - 1);
}

Interval LogitInterval(double auc, double variance, double confidence) {
  const double centre = std::log(auc / (1 - auc));
  const double half = NormalQuantile(confidence) * std::sqrt(variance) / (auc * (1 - auc));
  const auto back = [](double x) { return 1 / (1 + std::exp(-x)); };
  return {back(centre - half), back(centre + half)};
}

// Newcombe's variance of an area whose true value is `theta`.
double ScoreVariance(double theta, double positives, double negatives) {
  const double n = (positives + negatives) / 2 - 1;
  return theta * (1 - theta) * (1 + n * (1 - theta) / (2 - theta) + n * theta / (1 + theta)) / (positives * negatives);
}

Interval ScoreInterval(double auc, double positives, double negatives, double confidence) {
  const double z = NormalQuantile(confidence);
  const auto excess = [&](double theta) {
    return std::abs(auc - theta) - z * std::sqrt(ScoreVariance(theta, positives, negatives));
  };
  // The variance vanishes at 0 and 1, and `excess` is negative at the estimate unless that is at the end itself.
  const auto solve = [&](double outer, double inner) {
    if (outer == inner) return outer;
    const double tiny = 1e-12;
    const double within = inner + (outer - inner) * tiny;
    std::uintmax_t most = 200;
    const auto [low, high] = boost::math::tools::toms748_solve(excess, std::min(outer, within), std::max(outer, within),
                                                               boost::math::tools::eps_tolerance<double>(48), most);
    return 0.5 * (low + high);
  };
  return {solve(0, auc), solve(1, auc)};
}

}  // namespace

double Placements::auc() const { return positives.empty() || negatives.empty() ? kUndefined : MeanOf(positives); }

Placements PlacementsOf(std::span<const double> scores, std::span<const int> positive) {
  std::vector<double> above;
  std::vector<double> below;
  for (std::size_t u = 0; u < scores.size(); ++u) (positive[u] == 1 ? above : below).push_back(scores[u]);
  const std::vector<double> in_all = MidRanks(scores);
  const std::vector<double> among_positives = MidRanks(above);
  const std::vector<double> among_negatives = MidRanks(below);
  Placements placements;
  for (std::size_t u = 0; u < scores.size(); ++u) {
    if (positive[u] == 1) {
      const double lower = in_all[u] - among_positives[placements.positives.size()];
      placements.positives.push_back(below.empty() ? kUndefined : lower / static_cast<double>(below.size()));
    } else {
      const double lower = in_all[u] - among_negatives[placements.negatives.size()];
      placements.negatives.push_back(above.empty() ? kUndefined : 1 - lower / static_cast<double>(above.size()));
    }
  }
  return placements;
}

double DeLongCovariance(const Placements& a, const Placements& b) {
  return Covariance(a.positives, b.positives) / static_cast<double>(a.positives.size()) +
         Covariance(a.negatives, b.negatives) / static_cast<double>(a.negatives.size());
}

AucInterval IntervalOfAuc(double auc, double variance, std::size_t positives, std::size_t negatives,
                          double confidence) {
  if (std::isnan(auc)) return {{kUndefined, kUndefined}, AucIntervalMethod::kNone};
  if (auc > 0 && auc < 1 && variance > 0) {
    return {LogitInterval(auc, variance, confidence), AucIntervalMethod::kLogitDeLong};
  }
  return {ScoreInterval(auc, static_cast<double>(positives), static_cast<double>(negatives), confidence),
          AucIntervalMethod::kScore};
}

PairedAuc CompareAuc(const Placements& first, const Placements& second, double confidence) {
  PairedAuc result;
  result.first = first.auc();
  result.second = second.auc();
  result.difference = result.first - result.second;
  const double variance =
      DeLongCovariance(first, first) + DeLongCovariance(second, second) - 2 * DeLongCovariance(first, second);
  // Equal curves leave a variance that is zero but for rounding.
  result.standard_error = variance < 1e-15 ? 0 : std::sqrt(variance);
  result.interval = {kUndefined, kUndefined};
  if (result.standard_error > 0) {
    const double half = NormalQuantile(confidence) * result.standard_error;
    result.interval = {result.difference - half, result.difference + half};
    const double z = std::abs(result.difference) / result.standard_error;
    result.p = 2 * boost::math::cdf(boost::math::complement(boost::math::normal(), z));
  } else {
    result.p = result.standard_error == 0 && result.difference == 0 ? 1 : kUndefined;
  }
  return result;
}

}  // namespace parotis::evaluate
