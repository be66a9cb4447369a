#include "report/row_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "evaluate/summary.h"
#include "report/html.h"

namespace parotis::report {
namespace {

constexpr double kText_pt = 7.5;
constexpr double kForestRow_pt = 16;
constexpr double kDotRow_pt = 34;

// Columns of names and notes around a horizontal axis.
struct RowLayout {
  double left, right, top, bottom, row;

  double Middle(std::size_t index) const { return top + (static_cast<double>(index) + 0.5) * row; }
};

RowLayout LayOut(Drawing& drawing, const Axis& axis, double width_pt, double widest_name, double widest_note,
                 std::size_t rows, double row_pt) {
  RowLayout at{std::min(widest_name, width_pt * 0.42) + 8, width_pt - widest_note - 12, 6, 0, row_pt};
  at.bottom = at.top + row_pt * static_cast<double>(rows);
  drawing.width_pt = width_pt;
  drawing.height_pt = at.bottom + 28;
  for (const double tick : axis.ticks) {
    const double x = at.left + ShareOf(axis, tick) * (at.right - at.left);
    drawing.Line({x, at.top}, {x, at.bottom}, {Role::kGrid}, 0.5);
    drawing.Text({x, at.bottom + 10}, TickLabel(axis, tick), Anchor::kMiddle, {Role::kSoft}, kText_pt);
  }
  drawing.Line({at.left, at.bottom}, {at.right, at.bottom}, {Role::kAxis});
  drawing.Text({(at.left + at.right) / 2, at.bottom + 22}, axis.title, Anchor::kMiddle, {}, kText_pt);
  return at;
}

// Equal values must not hide each other: dots of one row are spread by a fixed sequence (van der Corput), the same on
// every run.
double Spread(std::size_t index) {
  double place = 0, step = 0.5;
  for (std::size_t rest = index + 1; rest > 0; rest /= 2, step /= 2) place += static_cast<double>(rest % 2) * step;
  return place - 0.5;
}

void DrawGroup(Drawing& drawing, const RowLayout& at, const ChartGroup& group, double y) {
  const auto x = [&](double value) { return at.left + std::clamp(value, 0.0, 1.0) * (at.right - at.left); };
  const evaluate::Distribution d = evaluate::Describe(group.values);
  if (d.n == 0) {
    drawing.Text({at.left + 6, y + 3}, "no case", Anchor::kStart, {Role::kSoft}, kText_pt);
    return;
  }
  std::size_t index = 0;
  for (const double value : group.values) {
    if (!std::isnan(value)) drawing.Circle({x(value), y + 16 * Spread(index++)}, 1.8, {Role::kSeries, 0, 0.4});
  }
  drawing.Rectangle(x(d.quartile_1), y - 10, std::max(0.75, x(d.quartile_3) - x(d.quartile_1)), 20, {Role::kText},
                    false);
  drawing.Line({x(d.median), y - 10}, {x(d.median), y + 10}, {}, 2);
  drawing.Text({drawing.width_pt - 1, y + 3}, fmt::format("{} (n {})", Number(d.median, 2), d.n), Anchor::kEnd, {},
               kText_pt);
}

}  // namespace

Drawing ForestPlot(const ForestInput& input, double width_pt) {
  Drawing drawing;
  drawing.alternative = input.alternative;
  Axis axis = input.axis;
  if (axis.ticks.empty()) {
    axis.ticks = TicksOf(axis);
    axis.digits = axis.high - axis.low > 5 ? 0 : axis.high - axis.low > 0.5 ? 1 : 2;
  }
  double widest_name = 0, widest_note = 0;
  for (const ForestRow& row : input.rows) {
    widest_name = std::max(widest_name, EstimatedWidthPt(row.name, kText_pt));
    widest_note = std::max(widest_note, EstimatedWidthPt(row.note, kText_pt));
  }
  const RowLayout at = LayOut(drawing, axis, width_pt, widest_name, widest_note, input.rows.size(), kForestRow_pt);
  const auto x = [&](double value) { return at.left + ShareOf(axis, value) * (at.right - at.left); };
  if (input.zero_line) drawing.Line({x(0), at.top}, {x(0), at.bottom}, {Role::kText}, 1);
  for (std::size_t r = 0; r < input.rows.size(); ++r) {
    const ForestRow& row = input.rows[r];
    const double y = at.Middle(r);
    const Ink ink{Role::kSeries, row.series};
    drawing.Text({at.left - 8, y + 2.6}, Shortened(row.name, kText_pt, at.left - 8), Anchor::kEnd, {}, kText_pt);
    drawing.Text({width_pt - 1, y + 2.6}, row.note, Anchor::kEnd, {}, kText_pt);
    if (!std::isfinite(row.estimate)) continue;
    if (std::isfinite(row.interval.low) && std::isfinite(row.interval.high))
      drawing.Line({x(row.interval.low), y}, {x(row.interval.high), y}, ink, 1.4);
    drawing.Circle({x(row.estimate), y}, 3, ink);
  }
  return drawing;
}

Drawing DotPlot(const std::vector<ChartGroup>& groups, const std::string& axis_title, double width_pt) {
  Drawing drawing;
  drawing.alternative = axis_title;
  const Axis axis{axis_title, 0, 1, false, {0, 0.2, 0.4, 0.6, 0.8, 1}, 1};
  double widest = 0;
  for (const ChartGroup& group : groups) widest = std::max(widest, EstimatedWidthPt(group.name, kText_pt));
  const RowLayout at =
      LayOut(drawing, axis, width_pt, widest, EstimatedWidthPt("0.00 (n 0000)", kText_pt), groups.size(), kDotRow_pt);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const double y = at.Middle(g);
    drawing.Text({at.left - 8, y + 2.6}, Shortened(Spaced(groups[g].name), kText_pt, at.left - 8), Anchor::kEnd, {},
                 kText_pt);
    DrawGroup(drawing, at, groups[g], y);
  }
  return drawing;
}

}  // namespace parotis::report
