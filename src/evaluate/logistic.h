// Logistic regression of a yes-or-no outcome on one predictor, by Newton's method: what calibration needs of it.
#pragma once

#include <span>

#include "evaluate/statistics.h"

namespace parotis::evaluate {

struct LogisticFit {
  double intercept = 0, slope = 0;  // all NaN when the maximum does not exist (outcomes all equal, or separated)
  double intercept_error = 0, slope_error = 0;  // standard errors, from the information at the maximum
};

// outcome ~ intercept + slope · x.
LogisticFit FitLogistic(std::span<const double> x, std::span<const int> outcome);
// outcome ~ intercept + x: the slope is held at 1.
LogisticFit FitLogisticIntercept(std::span<const double> x, std::span<const int> outcome);

}  // namespace parotis::evaluate
