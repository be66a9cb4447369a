#include "report/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/html.h"

namespace parotis::report {
namespace {

constexpr double kWidth = 420;
constexpr double kDecayHeight = 220;

std::string Text(double x, double y, const std::string& text, const char* anchor) {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)", x, y, anchor, text);
}

std::string Line(const char* style, double x0, double y0, double x1, double y1) {
  return fmt::format(R"(<path class="{}" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>)", style, x0, y0, x1, y1);
}

// The power of ten below every point.
double LowestDecade(const DecayCurve& curve) {
  double lowest = 0.1;
  for (const DecayPoint& point : curve.points) {
    while (point.measured > 0 && point.measured / curve.points.front().measured < lowest && lowest > 1e-4) lowest /= 10;
  }
  return lowest;
}

}  // namespace

std::string DecayChart(const DecayCurve& curve) {
  if (curve.points.empty() || curve.points.front().measured <= 0) return "<p>no signal</p>";
  const double s0 = curve.points.front().measured;
  const double highest_b = std::max(1.0, curve.points.back().b_value_s_mm2);
  const double lowest = LowestDecade(curve);
  const double x0 = 60;
  const double y0 = 14;
  const auto place = [&](double b, double signal) {
    const double share = std::log10(std::max(signal / s0, lowest)) / std::log10(lowest);
    return std::array{x0 + b / highest_b * kWidth, y0 + share * kDecayHeight};
  };
  std::string svg = fmt::format(
      R"(<svg class="chart" width="{0:.0f}" viewBox="0 0 {0:.0f} {1:.0f}" role="img" aria-label="Signal against b-value">)",
      x0 + kWidth + 30, y0 + kDecayHeight + 46);
  for (double decade = 1; decade >= lowest * 0.99; decade /= 10) {
    const double y = place(0, decade * s0)[1];
    svg += Line("grid", x0, y, x0 + kWidth, y) + Text(x0 - 8, y + 4, fmt::format("{:g}", decade), "end");
  }
  std::string fit;
  for (const DecayPoint& point : curve.points) {
    const auto [x, y] = place(point.b_value_s_mm2, point.measured);
    svg += fmt::format(R"(<circle class="mark" cx="{:.1f}" cy="{:.1f}" r="4"/>)", x, y) +
           Text(x, y0 + kDecayHeight + 18, Number(point.b_value_s_mm2, 0), "middle");
    if (!point.fitted) continue;
    const auto [fx, fy] = place(point.b_value_s_mm2, *point.fitted);
    fit += fmt::format("{}{:.1f} {:.1f}", fit.empty() ? "M" : "L", fx, fy);
  }
  if (!fit.empty()) svg += fmt::format(R"(<path class="line" d="{}"/>)", fit);
  return svg + Text(x0 + kWidth / 2, y0 + kDecayHeight + 38, "b, s/mm²", "middle") + "</svg>\n";
}

}  // namespace parotis::report
