#include "report/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "evaluate/summary.h"
#include "report/html.h"

namespace parotis::report {
namespace {

constexpr double kLeft = 110;
constexpr double kWidth = 420;
constexpr double kRow = 46;
constexpr double kDecayHeight = 220;
constexpr double kSide = 320;  // of the square of the reliability chart

double X(double share) { return kLeft + share * kWidth; }

std::string Text(double x, double y, const std::string& text, const char* anchor) {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)", x, y, anchor, text);
}

std::string Line(const char* style, double x0, double y0, double x1, double y1) {
  return fmt::format(R"(<path class="{}" d="M{:.1f} {:.1f}L{:.1f} {:.1f}"/>)", style, x0, y0, x1, y1);
}

// Equal values must not hide each other: dots of one row are spread by a fixed sequence (van der Corput), the same on
// every run.
double Spread(std::size_t index) {
  double place = 0;
  double step = 0.5;
  for (std::size_t rest = index + 1; rest > 0; rest /= 2, step /= 2) place += static_cast<double>(rest % 2) * step;
  return place - 0.5;
}

std::string GroupRow(const ChartGroup& group, double middle_y) {
  const evaluate::Distribution d = evaluate::Describe(group.values);
  std::string svg = Text(kLeft - 10, middle_y + 4, Readable(group.name), "end");
  if (d.n == 0) return svg + Text(kLeft + 8, middle_y + 4, "no case", "start");
  std::size_t index = 0;
  for (const double value : group.values) {
    if (std::isnan(value)) continue;
    svg += fmt::format(R"(<circle class="mark" opacity="0.35" cx="{:.1f}" cy="{:.1f}" r="2.6"/>)", X(value),
                       middle_y + 24 * Spread(index++));
  }
  svg += fmt::format(R"(<rect class="axis" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="28"/>)", X(d.quartile_1),
                     middle_y - 14, std::max(1.0, X(d.quartile_3) - X(d.quartile_1)));
  svg += fmt::format(R"(<path class="axis" stroke-width="2.5" d="M{:.1f} {:.1f}v28"/>)", X(d.median), middle_y - 14);
  return svg + Text(kLeft + kWidth + 10, middle_y + 4, fmt::format("{} (n {})", Number(d.median, 2), d.n), "start");
}

std::string ReliabilityMarks(const evaluate::Calibration& calibration, double x0, double y0) {
  std::string svg;
  for (const evaluate::ReliabilityBin& bin : calibration.bins) {
    if (bin.n == 0) continue;
    const auto correct = static_cast<std::int64_t>(std::llround(bin.accuracy * static_cast<double>(bin.n)));
    const evaluate::Interval interval = evaluate::WilsonInterval(correct, bin.n);
    const double x = x0 + bin.mean_confidence * kSide;
    svg += Line("line", x, y0 - interval.low * kSide, x, y0 - interval.high * kSide);
    const double radius = 3 + 9 * std::sqrt(static_cast<double>(bin.n) / static_cast<double>(calibration.n));
    svg += fmt::format(R"(<circle class="mark" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"><title>{} patients</title></circle>)",
                       x, y0 - bin.accuracy * kSide, radius, bin.n);
  }
  return svg;
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

std::string DotChart(const std::vector<ChartGroup>& groups, const std::string& axis) {
  const double bottom = kRow * static_cast<double>(groups.size()) + 6;
  std::string svg =
      fmt::format(R"(<svg class="chart" width="{0:.0f}" viewBox="0 0 {0:.0f} {1:.0f}" role="img" aria-label="{2}">)",
                  kLeft + kWidth + 100, bottom + 42, Escape(axis));
  for (int tick = 0; tick <= 5; ++tick) {
    svg += Line("grid", X(tick / 5.0), 0, X(tick / 5.0), bottom) +
           Text(X(tick / 5.0), bottom + 16, Number(tick / 5.0, 1), "middle");
  }
  for (std::size_t g = 0; g < groups.size(); ++g) svg += GroupRow(groups[g], kRow * (static_cast<double>(g) + 0.5));
  return svg + Text(X(0.5), bottom + 36, Escape(axis), "middle") + "</svg>\n";
}

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

std::string ReliabilityChart(const evaluate::Calibration& calibration) {
  const double x0 = 60;
  const double y0 = 14 + kSide;
  std::string svg = fmt::format(
      R"(<svg class="chart" width="{0:.0f}" viewBox="0 0 {0:.0f} {1:.0f}" role="img" aria-label="Reliability of the stated class probabilities">)",
      x0 + kSide + 20, y0 + 46);
  for (int tick = 0; tick <= 5; ++tick) {
    const double share = tick / 5.0;
    svg += Line("grid", x0, y0 - share * kSide, x0 + kSide, y0 - share * kSide) +
           Line("grid", x0 + share * kSide, y0, x0 + share * kSide, y0 - kSide);
    svg += Text(x0 - 8, y0 - share * kSide + 4, Number(share, 1), "end") +
           Text(x0 + share * kSide, y0 + 18, Number(share, 1), "middle");
  }
  svg += Line("axis", x0, y0, x0 + kSide, y0 - kSide) + ReliabilityMarks(calibration, x0, y0);
  svg += Text(x0 + kSide / 2, y0 + 38, "stated probability of the likeliest class", "middle");
  svg += fmt::format(
      R"svg(<text transform="translate(14 {:.0f}) rotate(-90)" text-anchor="middle">share that was right</text>)svg",
      y0 - kSide / 2);
  return svg + "</svg>\n";
}

}  // namespace parotis::report
