// Charts with one named row for each thing that is shown: estimates with intervals, single values.
#pragma once

#include <string>
#include <vector>

#include "evaluate/statistics.h"
#include "report/plot_frame.h"

namespace parotis::report {

struct ForestRow {
  std::string name;
  double estimate = 0;  // a row without an estimate (NaN) has its name alone
  evaluate::Interval interval;
  std::string note;  // on the right: the numbers
  int series = 0;
};

struct ForestInput {
  Axis axis;
  std::vector<ForestRow> rows;
  bool zero_line = false;
  std::string alternative;
};
Drawing ForestPlot(const ForestInput& input, double width_pt = 480);

struct ChartGroup {
  std::string name;
  std::vector<double> values;  // 0…1; NaN is left out
};
// Every value as a dot, with median and quartiles. For Dice and other shares.
Drawing DotPlot(const std::vector<ChartGroup>& groups, const std::string& axis_title, double width_pt = 480);

}  // namespace parotis::report
