#include "evaluate/statistics.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

#include "base/wilson.h"
#include "evaluate/overlap.h"

namespace parotis::evaluate {
namespace {

constexpr std::size_t kMostExactDifferences = 50;

double NormalQuantile(double confidence) { return boost::math::quantile(boost::math::normal(), 0.5 + confidence / 2); }

double Square(double x) { return x * x; }

// Correlation of the paired results; a positive one is reduced by n/2 in the numerator, but not below zero.
double CorrectedPhi(const PairedCounts& counts) {
  const auto a = static_cast<double>(counts.both);
  const auto b = static_cast<double>(counts.only_first);
  const auto c = static_cast<double>(counts.only_second);
  const auto d = static_cast<double>(counts.neither);
  const double margins = (a + b) * (c + d) * (a + c) * (b + d);
  if (margins == 0) return 0;
  const double product = a * d - b * c;
  const double corrected = product > 0 ? std::max(product - (a + b + c + d) / 2, 0.0) : product;
  return corrected / std::sqrt(margins);
}

struct SignedRanks {
  double positive = 0;  // sum of the ranks of positive differences
  double n = 0;
  double tie_term = 0;  // Σ (t³ − t) over groups of t equal magnitudes
};

SignedRanks RankDifferences(std::vector<double> differences) {
  std::sort(differences.begin(), differences.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  SignedRanks ranks;
  ranks.n = static_cast<double>(differences.size());
  for (std::size_t first = 0; first < differences.size();) {
    std::size_t last = first;
    while (last < differences.size() && std::abs(differences[last]) == std::abs(differences[first])) ++last;
    const double rank = 0.5 * static_cast<double>(first + last + 1);
    const auto tied = static_cast<double>(last - first);
    ranks.tie_term += tied * tied * tied - tied;
    for (; first < last; ++first) ranks.positive += differences[first] > 0 ? rank : 0;
  }
  return ranks;
}

// P(W ≤ w) under the hypothesis, from the number of subsets of 1 … n with each sum.
double ExactLowerTail(std::size_t n, double w) {
  std::vector<double> ways(n * (n + 1) / 2 + 1, 0.0);
  ways[0] = 1;
  for (std::size_t rank = 1; rank <= n; ++rank) {
    for (std::size_t sum = ways.size() - 1; sum >= rank; --sum) ways[sum] += ways[sum - rank];
  }
  const auto last = static_cast<std::ptrdiff_t>(w);
  return std::accumulate(ways.begin(), ways.begin() + last + 1, 0.0) * std::pow(0.5, static_cast<double>(n));
}

}  // namespace

double Proportion::estimate() const {
  return n == 0 ? kUndefined : static_cast<double>(count) / static_cast<double>(n);
}

Interval Proportion::interval(double confidence) const {
  return method == ProportionInterval::kWilson ? WilsonInterval(count, n, confidence)
                                               : ClopperPearsonInterval(count, n, confidence);
}

Interval WilsonInterval(std::int64_t count, std::int64_t n, double confidence) {
  if (n == 0) return {kUndefined, kUndefined};
  const auto [low, high] = base::WilsonLimits(count, n, NormalQuantile(confidence));
  return {low, high};
}

Interval ClopperPearsonInterval(std::int64_t count, std::int64_t n, double confidence) {
  if (n == 0) return {kUndefined, kUndefined};
  const double tail = (1 - confidence) / 2;
  const auto yes = static_cast<double>(count);
  const auto no = static_cast<double>(n - count);
  using Beta = boost::math::beta_distribution<double>;
  return {count == 0 ? 0.0 : boost::math::quantile(Beta(yes, no + 1), tail),
          count == n ? 1.0 : boost::math::quantile(boost::math::complement(Beta(yes + 1, no), tail))};
}

Interval IntervalOfMean(std::span<const Proportion> proportions, double confidence) {
  if (proportions.empty()) return {kUndefined, kUndefined};
  const auto count = static_cast<double>(proportions.size());
  double mean = 0;
  double below = 0;
  double above = 0;
  for (const Proportion& proportion : proportions) {
    const Interval interval = proportion.interval(confidence);
    mean += proportion.estimate() / count;
    below += Square((proportion.estimate() - interval.low) / count);
    above += Square((interval.high - proportion.estimate()) / count);
  }
  return {mean - std::sqrt(below), mean + std::sqrt(above)};
}

void PairedCounts::Add(bool first, bool second) {
  if (first) {
    ++(second ? both : only_first);
  } else {
    ++(second ? only_second : neither);
  }
}

double PairedCounts::difference() const {
  return n() == 0 ? kUndefined : static_cast<double>(only_first - only_second) / static_cast<double>(n());
}

double McNemarExactP(const PairedCounts& counts) {
  const std::int64_t discordant = counts.only_first + counts.only_second;
  if (discordant == 0) return 1;
  const boost::math::binomial_distribution<double> fair(static_cast<double>(discordant), 0.5);
  return std::min(1.0,
                  2 * boost::math::cdf(fair, static_cast<double>(std::min(counts.only_first, counts.only_second))));
}

Interval NewcombePairedInterval(const PairedCounts& counts, double confidence) {
  if (counts.n() == 0) return {kUndefined, kUndefined};
  const Proportion first{counts.both + counts.only_first, counts.n()};
  const Proportion second{counts.both + counts.only_second, counts.n()};
  const Interval around_first = first.interval(confidence);
  const Interval around_second = second.interval(confidence);
  const double phi = CorrectedPhi(counts);
  const auto joined = [phi](double a, double b) { return std::sqrt(std::max(0.0, a * a - 2 * phi * a * b + b * b)); };
  const double difference = counts.difference();
  return {difference - joined(first.estimate() - around_first.low, around_second.high - second.estimate()),
          difference + joined(around_first.high - first.estimate(), second.estimate() - around_second.low)};
}

double WilcoxonSignedRankP(std::span<const double> differences) {
  std::vector<double> moved;
  std::copy_if(differences.begin(), differences.end(), std::back_inserter(moved), [](double d) { return d != 0; });
  if (moved.empty()) return 1;
  const SignedRanks ranks = RankDifferences(moved);
  const double total = ranks.n * (ranks.n + 1) / 2;
  const double smaller = std::min(ranks.positive, total - ranks.positive);
  if (ranks.tie_term == 0 && moved.size() <= kMostExactDifferences) {
    return std::min(1.0, 2 * ExactLowerTail(moved.size(), smaller));
  }
  const double variance = ranks.n * (ranks.n + 1) * (2 * ranks.n + 1) / 24 - ranks.tie_term / 48;
  return std::min(1.0, 2 * boost::math::cdf(boost::math::normal(), (smaller - total / 2) / std::sqrt(variance)));
}

double MeanOf(std::span<const double> values) {
  if (values.empty()) return kUndefined;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double StandardDeviationOf(std::span<const double> values) {
  if (values.size() < 2) return kUndefined;
  const double mean = MeanOf(values);
  double squares = 0;
  for (const double value : values) squares += Square(value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double PercentileOf(std::vector<double> values, double fraction) {
  if (values.empty()) return kUndefined;
  std::sort(values.begin(), values.end());
  const double rank = fraction * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (rank - static_cast<double>(below)) * (values[above] - values[below]);
}

}  // namespace parotis::evaluate
