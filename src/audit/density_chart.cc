#include "audit/density_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/html.h"

namespace parotis::audit {
namespace {

constexpr double kLeft = 110, kWidth = 520, kRow = 74, kTop = 10;
constexpr int kBins = 26;

struct Axis {
  double low = 0, high = 1;
  double X(double value) const { return kLeft + (value - low) / (high - low) * kWidth; }
};

Axis AxisOf(const QuantityAudit& quantity) {
  Axis axis = {1e300, -1e300};
  for (const Realised& realised : quantity.classes) {
    axis.low = std::min(axis.low, realised.target.mean - 2.5 * realised.target.sd);
    axis.high = std::max(axis.high, realised.target.mean + 3 * realised.target.sd);
  }
  axis.low = std::max(0.0, axis.low);
  return axis;
}

// A log-normal density with the target's moments: what most priors are.
double Density(const MeanSd& target, double value) {
  const phantom::Spread spread = {target.mean, target.sd};
  return value <= 0 ? 0 : std::exp(spread.LogDensity(value));
}

// Steps of 1, 2 or 5 times a power of ten, five to ten of them.
double StepOf(double range) {
  const double rough = range / 6, power = std::pow(10, std::floor(std::log10(rough)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (rough <= step * power) return step * power;
  }
  return 10 * power;
}

std::string ClassRow(const Realised& realised, const Axis& axis, double base_y) {
  const double bin = (axis.high - axis.low) / kBins;
  std::vector<double> heights(kBins, 0.0);
  for (const double value : realised.values) {
    const auto b = std::clamp(static_cast<int>((value - axis.low) / bin), 0, kBins - 1);
    heights[b] += 1 / (static_cast<double>(realised.values.size()) * bin);
  }
  constexpr int kSteps = 120;
  double tallest = *std::max_element(heights.begin(), heights.end());
  std::vector<double> curve;
  for (int s = 0; s <= kSteps; ++s)
    curve.push_back(Density(realised.target, axis.low + (axis.high - axis.low) * s / kSteps));
  // A prior that rises without bound at its edge must not flatten everything else.
  tallest = std::max(tallest, *std::max_element(curve.begin() + 3, curve.end()));
  const auto y = [&](double density) { return base_y - 56 * std::min(1.0, density / tallest); };
  std::string svg = fmt::format(R"(<text x="{:.0f}" y="{:.1f}" text-anchor="end">{}</text>)", kLeft - 10, base_y - 8,
                                report::Readable(realised.tumour));
  for (int b = 0; b < kBins; ++b) {
    if (heights[b] <= 0) continue;
    svg += fmt::format(R"(<rect class="mark" opacity="0.45" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)",
                       axis.X(axis.low + b * bin) + 0.5, y(heights[b]), kWidth / kBins - 1, base_y - y(heights[b]));
  }
  svg += R"(<path class="axis" stroke-width="1.6" d=")";
  for (int s = 0; s <= kSteps; ++s)
    svg += fmt::format("{}{:.1f} {:.1f}", s == 0 ? "M" : "L", kLeft + kWidth * s / kSteps, y(curve[s]));
  svg += R"("/>)";
  return svg + fmt::format(R"(<path class="grid" d="M{:.1f} {:.1f}h{:.1f}"/>)", kLeft, base_y, kWidth);
}

}  // namespace

std::string DensityChart(const QuantityAudit& quantity) {
  if (quantity.classes.empty()) return "";
  const Axis axis = AxisOf(quantity);
  const double bottom = kTop + kRow * static_cast<double>(quantity.classes.size());
  std::string svg = fmt::format(
      R"(<svg class="chart" role="img" aria-label="{}: priors and what was measured" viewBox="0 0 {:.0f} {:.0f}" width="{:.0f}">)",
      report::Escape(quantity.name), kLeft + kWidth + 20, bottom + 24, kLeft + kWidth + 20);
  for (std::size_t c = 0; c < quantity.classes.size(); ++c)
    svg += ClassRow(quantity.classes[c], axis, kTop + kRow * static_cast<double>(c + 1));
  const double step = StepOf(axis.high - axis.low);
  const int digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
  for (double tick = std::ceil(axis.low / step) * step; tick <= axis.high; tick += step) {
    svg += fmt::format(
        R"(<path class="axis" d="M{:.1f} {:.1f}v5"/><text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
        axis.X(tick), bottom, axis.X(tick), bottom + 19, report::Number(tick, digits));
  }
  return svg + "</svg>\n";
}

}  // namespace parotis::audit
