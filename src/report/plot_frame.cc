#include "report/plot_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/html.h"

namespace parotis::report {
namespace {

constexpr double kText_pt = 7.5;
constexpr double kLegendRow_pt = 11;

double Transformed(const Axis& axis, double value) { return axis.logarithmic ? std::log10(value) : value; }

int DigitsOf(double step) { return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6); }

// 1, 2 or 5 times a power of ten.
double RoundStep(double rough) {
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * 0.999) return factor * power;
  }
  return 10 * power;
}

// With the ticks it will show.
Axis Completed(Axis axis) {
  if (axis.high <= axis.low) axis.high = axis.logarithmic ? axis.low * 10 : axis.low + 1;
  if (!axis.ticks.empty()) return axis;
  axis.ticks = TicksOf(axis);
  if (axis.ticks.size() > 1 && !axis.logarithmic) axis.digits = DigitsOf(axis.ticks[1] - axis.ticks[0]);
  return axis;
}

}  // namespace

double ShareOf(const Axis& axis, double value) {
  const double low = Transformed(axis, axis.low), high = Transformed(axis, axis.high);
  const double inside = std::clamp(value, std::min(axis.low, axis.high), std::max(axis.low, axis.high));
  return (Transformed(axis, inside) - low) / (high - low);
}

std::string TickLabel(const Axis& axis, double value) {
  return axis.logarithmic ? fmt::format("{:g}", value) : Number(std::abs(value) < 1e-12 ? 0 : value, axis.digits);
}

std::vector<double> TicksOf(const Axis& axis, int count) {
  std::vector<double> ticks;
  if (axis.logarithmic) {
    for (double power = std::pow(10, std::ceil(std::log10(axis.low) - 1e-9)); power <= axis.high * 1.001; power *= 10)
      ticks.push_back(power);
    return ticks;
  }
  const double step = RoundStep((axis.high - axis.low) / count);
  for (double at = std::ceil(axis.low / step - 1e-9); at * step <= axis.high + 1e-9 * step; ++at)
    ticks.push_back(at * step);
  return ticks;
}

PlotFrame::PlotFrame(Drawing& drawing, const PlotSize& size, const Axis& horizontal, const Axis& vertical,
                     int legend_rows)
    : drawing_(drawing), horizontal_(Completed(horizontal)), vertical_(Completed(vertical)) {
  drawing.width_pt = size.width_pt;
  drawing.height_pt = size.height_pt;
  double widest = 0;
  for (const double tick : vertical_.ticks)
    widest = std::max(widest, EstimatedWidthPt(TickLabel(vertical_, tick), kText_pt));
  left_ = widest + (vertical_.title.empty() ? 6 : 18);
  right_ = size.width_pt - EstimatedWidthPt(TickLabel(horizontal_, horizontal_.ticks.back()), kText_pt) / 2 - 2;
  top_ = 6 + kLegendRow_pt * legend_rows;
  bottom_ = size.height_pt - (horizontal_.title.empty() ? 14 : 26);
  DrawHorizontal();
  DrawVertical();
  drawing_.Rectangle(left_, top_, right_ - left_, bottom_ - top_, {Role::kAxis}, false);
}

void PlotFrame::DrawHorizontal() {
  for (const double tick : horizontal_.ticks) {
    const double x = left_ + ShareOf(horizontal_, tick) * (right_ - left_);
    drawing_.Line({x, top_}, {x, bottom_}, {Role::kGrid}, 0.5);
    drawing_.Text({x, bottom_ + 10}, TickLabel(horizontal_, tick), Anchor::kMiddle, {Role::kSoft}, kText_pt);
  }
  if (!horizontal_.title.empty())
    drawing_.Text({(left_ + right_) / 2, bottom_ + 22}, horizontal_.title, Anchor::kMiddle, {}, kText_pt);
}

void PlotFrame::DrawVertical() {
  for (const double tick : vertical_.ticks) {
    const double y = bottom_ - ShareOf(vertical_, tick) * (bottom_ - top_);
    drawing_.Line({left_, y}, {right_, y}, {Role::kGrid}, 0.5);
    drawing_.Text({left_ - 4, y + 2.6}, TickLabel(vertical_, tick), Anchor::kEnd, {Role::kSoft}, kText_pt);
  }
  if (vertical_.title.empty()) return;
  TextMark title{{8, (top_ + bottom_) / 2}, vertical_.title, kText_pt, Anchor::kMiddle, {}, false, true};
  drawing_.marks.emplace_back(std::move(title));
}

Point PlotFrame::At(double horizontal, double vertical) const {
  return {left_ + ShareOf(horizontal_, horizontal) * (right_ - left_),
          bottom_ - ShareOf(vertical_, vertical) * (bottom_ - top_)};
}

void PlotFrame::Legend(int row, const std::string& text, const Ink& ink, bool dashed) {
  const double y = 4 + kLegendRow_pt * row;
  drawing_.Line({left_, y + 3}, {left_ + 14, y + 3}, ink, 1.6, dashed);
  drawing_.Text({left_ + 18, y + 6}, Shortened(text, kText_pt, drawing_.width_pt - left_ - 20), Anchor::kStart, {},
                kText_pt);
}

}  // namespace parotis::report
