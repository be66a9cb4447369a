// Intervals and tests for proportions and paired measurements. Everything is two-sided; tests quote published examples
// or an independent tool for each.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace parotis::evaluate {

inline constexpr double kConfidence = 0.95;

struct Interval {
  double low = 0;
  double high = 0;
};

enum class ProportionInterval { kWilson, kClopperPearson };

// `count` of `n`. The estimate and the interval are undefined (NaN) when n is 0.
struct Proportion {
  std::int64_t count = 0;
  std::int64_t n = 0;
  ProportionInterval method = ProportionInterval::kWilson;

  double estimate() const;
  Interval interval(double confidence = kConfidence) const;
};

// Score interval without continuity correction (Wilson, J Am Stat Assoc 1927;22:209).
Interval WilsonInterval(std::int64_t count, std::int64_t n, double confidence = kConfidence);

// "Exact" interval (Clopper and Pearson, Biometrika 1934;26:404): never below its nominal coverage, and wider.
Interval ClopperPearsonInterval(std::int64_t count, std::int64_t n, double confidence = kConfidence);

// Interval of the mean of independent proportions from their own intervals (Zou and Donner, Stat Med 2008;27:1693):
// keeps its width where a proportion is 0 or 1, unlike the delta method. Undefined when a proportion is, or without
// any.
Interval IntervalOfMean(std::span<const Proportion> proportions, double confidence = kConfidence);

// Two yes-or-no results on the same patients.
struct PairedCounts {
  std::int64_t both = 0;
  std::int64_t only_first = 0;
  std::int64_t only_second = 0;
  std::int64_t neither = 0;

  std::int64_t n() const { return both + only_first + only_second + neither; }
  void Add(bool first, bool second);
  double difference() const;  // share of the first minus share of the second; undefined without patients
};

// Exact conditional test on the discordant pairs (McNemar, Psychometrika 1947;12:153); 1 when there are none.
double McNemarExactP(const PairedCounts& counts);
// Method 10 of Newcombe, Stat Med 1998;17:2635: Wilson intervals joined with a correlation that is corrected for
// continuity.
Interval NewcombePairedInterval(const PairedCounts& counts, double confidence = kConfidence);

// Wilcoxon's signed ranks, zeros dropped: exact up to 50 differences without ties, else normal with the ties'
// correction and no continuity correction (as SciPy). 1 when nothing is left.
double WilcoxonSignedRankP(std::span<const double> differences);

double MeanOf(std::span<const double> values);               // NaN when empty
double StandardDeviationOf(std::span<const double> values);  // n − 1; NaN below two values
// Linear between order statistics ("type 7", NumPy's default); `fraction` in 0…1; NaN when empty.
double PercentileOf(std::vector<double> values, double fraction);

}  // namespace parotis::evaluate
