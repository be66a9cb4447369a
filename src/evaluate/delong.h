// Variance of the area under the ROC curve, and of the difference of two areas on the same patients (DeLong, DeLong and
// Clarke-Pearson, Biometrics 1988;44:837), by mid-ranks in n log n (Sun and Xu, IEEE Signal Process Lett 2014;21:1389).
#pragma once

#include <span>
#include <vector>

#include "evaluate/statistics.h"

namespace parotis::evaluate {

// For each positive the share of negatives that score lower (V10), for each negative the share of positives that score
// higher (V01); ties count one half. In the order of the units.
struct Placements {
  std::vector<double> positives;
  std::vector<double> negatives;

  double auc() const;  // NaN when either is empty
};

// `positive[u]`: 1 or 0.
Placements PlacementsOf(std::span<const double> scores, std::span<const int> positive);

// Of two areas on the same units (of one with itself: its variance). NaN with fewer than two positives or negatives.
double DeLongCovariance(const Placements& a, const Placements& b);

enum class AucIntervalMethod { kNone, kLogitDeLong, kScore };

struct AucInterval {
  Interval interval;
  AucIntervalMethod method = AucIntervalMethod::kNone;
};

// logit(A) ± z · SE / (A(1 − A)) with DeLong's SE (Pepe 2003, section 5.2). Where that does not exist (A is 0 or 1, the
// variance is 0, or one patient on a side) the score interval of Newcombe, Stat Med 2006;25:559, method 5, which
// keeps its width there.
AucInterval IntervalOfAuc(double auc, double variance, std::size_t positives, std::size_t negatives,
                          double confidence = kConfidence);

struct PairedAuc {
  double first = 0, second = 0, difference = 0;  // NaN without positives or negatives
  double standard_error = 0;                     // of the difference; NaN where DeLong's covariance is
  Interval interval;                             // difference ± z · standard error; undefined when that is 0
  double p = 0;  // two-sided; with a standard error of 0: 1 when the areas are equal, else NaN
};

PairedAuc CompareAuc(const Placements& first, const Placements& second, double confidence = kConfidence);

}  // namespace parotis::evaluate
