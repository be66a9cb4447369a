// The axes of a chart: places values on a Drawing, and draws grid, ticks and titles around them.
#pragma once

#include <string>
#include <vector>

#include "report/drawing.h"

namespace parotis::report {

struct Axis {
  std::string title;
  double low = 0, high = 1;
  bool logarithmic = false;        // both ends above 0
  std::vector<double> ticks = {};  // empty: chosen
  int digits = 1;                  // of the tick labels; with chosen ticks as many as they need
};

struct PlotSize {
  double width_pt = 250;
  double height_pt = 250;
};

// Round values within the axis, about `count` of them; powers of ten on a logarithmic one.
std::vector<double> TicksOf(const Axis& axis, int count = 5);

class PlotFrame {
 public:
  // `legend_rows`: lines kept free above the plot.
  PlotFrame(Drawing& drawing, const PlotSize& size, const Axis& horizontal, const Axis& vertical, int legend_rows = 0);

  // Where a value lies; outside the axis: on its nearest end.
  Point At(double horizontal, double vertical) const;
  // One line of the legend, from the top.
  void Legend(int row, const std::string& text, const Ink& ink, bool dashed = false);
  double left() const { return left_; }
  double right() const { return right_; }
  double top() const { return top_; }
  double bottom() const { return bottom_; }

 private:
  void DrawHorizontal();
  void DrawVertical();

  Drawing& drawing_;
  Axis horizontal_, vertical_;
  double left_, right_, top_, bottom_;
};

// Share of the axis's length, 0…1.
double ShareOf(const Axis& axis, double value);
std::string TickLabel(const Axis& axis, double value);

}  // namespace parotis::report
