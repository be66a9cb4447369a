#include "maps/arrival.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace parotis::maps {
namespace {

constexpr std::size_t kOneInMany = 20;
constexpr double kLeastRise = 0.05;    // of the beginning
constexpr double kEquallyGood = 0.01;  // of the rise
constexpr int kBreaksPerFrame = 20;

// Root mean square distance of `curve` from the best line that is level up to `at_s` and straight from there.
double MisfitOfBreak(std::span<const double> times_s, std::span<const double> curve, double at_s) {
  const auto count = static_cast<double>(curve.size());
  double x = 0, y = 0, xx = 0, xy = 0, yy = 0;
  for (std::size_t n = 0; n < curve.size(); ++n) {
    const double after = std::max(0.0, times_s[n] - at_s);
    x += after, y += curve[n];
    xx += after * after, xy += after * curve[n], yy += curve[n] * curve[n];
  }
  const double variance = xx - x * x / count;
  const double covariance = xy - x * y / count;
  const double explained = variance > 0 ? covariance * covariance / variance : 0;
  return std::sqrt(std::max(0.0, yy - y * y / count - explained) / count);
}

}  // namespace

std::vector<double> CurveOfMostVaried(const std::vector<const image::Volume*>& frames, const image::LabelVolume* mask) {
  std::vector<std::pair<double, std::size_t>> varied;
  const auto count = static_cast<double>(frames.size());
  for (std::size_t at = 0; at < frames.front()->voxels.size(); ++at) {
    if (mask != nullptr && mask->voxels[at] == 0) continue;
    double sum = 0, squares = 0;
    for (const image::Volume* frame : frames) {
      const double value = frame->voxels[at];
      sum += value, squares += value * value;
    }
    const double variance = squares - sum * sum / count;
    if (std::isfinite(variance)) varied.emplace_back(-variance, at);
  }
  const std::size_t taken = std::min(varied.size(), varied.size() / kOneInMany + 1);
  std::nth_element(varied.begin(), varied.begin() + static_cast<std::ptrdiff_t>(taken), varied.end());
  // Summed in the order of voxels: the same bits whatever the order of selection.
  std::sort(varied.begin(), varied.begin() + static_cast<std::ptrdiff_t>(taken),
            [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<double> curve(frames.size(), 0.0);
  for (std::size_t f = 0; f < frames.size(); ++f) {
    for (std::size_t v = 0; v < taken; ++v) curve[f] += frames[f]->voxels[varied[v].second];
    curve[f] /= static_cast<double>(std::max<std::size_t>(taken, 1));
  }
  return curve;
}

std::optional<double> ArrivalTime(std::span<const double> times_s, std::span<const double> curve) {
  const double beginning = curve.front();
  const auto peak = std::max_element(curve.begin(), curve.end());
  const double rise = *peak - beginning;
  if (!(rise > kLeastRise * std::abs(beginning))) return std::nullopt;
  std::size_t used = 2;  // up to the end of the steepest rise: beyond, the curve bends
  double steepest = 0;
  for (std::size_t n = 1; n <= static_cast<std::size_t>(peak - curve.begin()); ++n) {
    const double slope = (curve[n] - curve[n - 1]) / (times_s[n] - times_s[n - 1]);
    if (slope > steepest) steepest = slope, used = n + 1;
  }
  const auto early_times = times_s.first(used);
  const auto early = curve.first(used);
  const int breaks = kBreaksPerFrame * static_cast<int>(used - 1);
  const double span_s = early_times.back() - early_times.front();
  std::vector<double> misfit;
  misfit.reserve(static_cast<std::size_t>(breaks));
  for (int n = 0; n < breaks; ++n)
    misfit.push_back(MisfitOfBreak(early_times, early, early_times.front() + span_s * n / breaks));
  const double best = *std::min_element(misfit.begin(), misfit.end());
  double sum = 0;
  int equal = 0;
  for (int n = 0; n < breaks; ++n) {
    if (misfit[static_cast<std::size_t>(n)] > best + kEquallyGood * rise) continue;
    sum += early_times.front() + span_s * n / breaks;
    ++equal;
  }
  return sum / equal;
}

}  // namespace parotis::maps
