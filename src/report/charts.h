// Charts as inline SVG, drawn with the page's colours, so that they read in light, dark and print.
#pragma once

#include <string>
#include <vector>

#include "evaluate/calibration.h"
#include "report/inspection_report.h"

namespace parotis::report {

struct ChartGroup {
  std::string name;
  std::vector<double> values;  // 0…1; NaN is left out
};

// One row per group: every value as a dot, with median and quartiles. For Dice and other shares.
std::string DotChart(const std::vector<ChartGroup>& groups, const std::string& axis);

// Signal relative to the lowest b-value, logarithmic, against b in s/mm²: dots as measured, a line through the fit.
std::string DecayChart(const DecayCurve& curve);

// Accuracy against stated confidence per bin; larger dots stand for more patients, bars are Wilson intervals.
std::string ReliabilityChart(const evaluate::Calibration& calibration);

}  // namespace parotis::report
