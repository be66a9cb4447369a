// What a study of this size could have shown: the smallest true difference that a two-sided test at 5 % finds with 80 %
// power, and how many patients the observed difference would need. A difference smaller than the first is neither shown
// nor excluded by a p above 0.05.
#pragma once

#include <cstdint>
#include <span>

#include "evaluate/statistics.h"

namespace parotis::evaluate {

inline constexpr double kAlpha = 0.05;
inline constexpr double kPower = 0.80;

struct Detectable {
  double difference = 0;       // NaN where even the largest possible one is not found, or nothing is known
  double patients_needed = 0;  // for the observed difference; whole, +∞ when that is 0, NaN when nothing is known
};

// Paired yes-or-no results, McNemar's test (Connor, Biometrics 1987;43:207). The discordance is the observed share of
// patients in whom the results differ; where that is too small for any difference to be found, all discordant patients
// are taken to speak for one of the two. Without discordant patients nothing is known about how many would be needed.
Detectable DetectableByMcNemar(const PairedCounts& counts);

// For a statistic with this standard error, normal, whose square falls with the number of patients (areas by DeLong,
// bootstrapped differences): (z_{1−α/2} + z_power) · SE.
Detectable DetectableByNormal(double observed, double standard_error, std::int64_t patients);

// Means of paired differences, paired t test: by the noncentral t distribution (Wilcoxon's test needs at most 16 % more
// patients: Hodges and Lehmann, Ann Math Stat 1956;27:324). NaN below two differences.
Detectable DetectableByPairedT(std::span<const double> differences);

// Power of that test for a true difference of `effect` standard deviations.
double PowerOfPairedT(double effect, std::int64_t patients, double alpha = kAlpha);

}  // namespace parotis::evaluate
