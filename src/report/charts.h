// Charts as inline SVG, drawn with the page's colours, so that they read in light, dark and print.
#pragma once

#include <string>
#include <vector>

#include "evaluate/calibration.h"

namespace parotis::report {

struct ChartGroup {
  std::string name;
  std::vector<double> values;  // 0…1; NaN is left out
};

// One row per group: every value as a dot, with median and quartiles. For Dice and other shares.
std::string DotChart(const std::vector<ChartGroup>& groups, const std::string& axis);

// Accuracy against stated confidence per bin; larger dots stand for more patients, bars are Wilson intervals.
std::string ReliabilityChart(const evaluate::Calibration& calibration);

}  // namespace parotis::report
