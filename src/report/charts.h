// The chart of the inspection page as inline SVG, drawn with the page's colours, so that it reads in light, dark and
// print.
#pragma once

#include <string>

#include "report/inspection_report.h"

namespace parotis::report {

// Signal relative to the lowest b-value, logarithmic, against b in s/mm²: dots as measured, a line through the fit.
std::string DecayChart(const DecayCurve& curve);

}  // namespace parotis::report
