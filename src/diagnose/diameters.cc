#include "diagnose/diameters.h"

#include <algorithm>
#include <cmath>

namespace parotis::diagnose {
namespace {

constexpr double kTie = 1e-9;  // relative

double Turn(const Point2& a, const Point2& b, const Point2& c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

// Andrew's monotone chain; counter-clockwise, no three corners on a line.
std::vector<Point2> ConvexHull(std::vector<Point2> points) {
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  if (points.size() < 3) return points;
  std::vector<Point2> hull;
  const auto chain = [&](auto first, auto last) {
    const std::size_t base = hull.size();
    for (auto point = first; point != last; ++point) {
      while (hull.size() >= base + 2 && Turn(hull[hull.size() - 2], hull.back(), *point) <= 0) hull.pop_back();
      hull.push_back(*point);
    }
    hull.pop_back();
  };
  chain(points.begin(), points.end());
  chain(points.rbegin(), points.rend());
  return hull;
}

// Length of the hull's cut by the line through `through` along the unit vector `along`.
double Chord(const std::vector<Point2>& hull, const Point2& through, const Point2& along) {
  double low = 0;
  double high = 0;
  for (std::size_t i = 0; i < hull.size(); ++i) {
    const Point2& a = hull[i];
    const Point2& b = hull[(i + 1) % hull.size()];
    const double from = (a[0] - through[0]) * along[1] - (a[1] - through[1]) * along[0];
    const double to = (b[0] - through[0]) * along[1] - (b[1] - through[1]) * along[0];
    if (from * to > 0 || from == to) continue;
    const double t = from / (from - to);
    const double position =
        (a[0] + t * (b[0] - a[0]) - through[0]) * along[0] + (a[1] + t * (b[1] - a[1]) - through[1]) * along[1];
    low = std::min(low, position);
    high = std::max(high, position);
  }
  return high - low;
}

// A convex shape is widest, along any direction, on a line through one of its corners.
double LongestChord(const std::vector<Point2>& hull, const Point2& along) {
  double longest = 0;
  for (const Point2& corner : hull) longest = std::max(longest, Chord(hull, corner, along));
  return longest;
}

}  // namespace

Diameters DiametersOf(std::vector<Point2> outline) {
  const std::vector<Point2> hull = ConvexHull(std::move(outline));
  const auto for_each_pair = [&](const auto& visit) {
    for (std::size_t i = 0; i < hull.size(); ++i) {
      for (std::size_t j = i + 1; j < hull.size(); ++j) {
        const Point2 axis = {hull[j][0] - hull[i][0], hull[j][1] - hull[i][1]};
        visit(axis, std::hypot(axis[0], axis[1]));
      }
    }
  };
  Diameters diameters;
  for_each_pair([&](const Point2&, double length) { diameters.long_mm = std::max(diameters.long_mm, length); });
  for_each_pair([&](const Point2& axis, double length) {
    if (length < diameters.long_mm * (1 - kTie)) return;
    diameters.short_mm = std::max(diameters.short_mm, LongestChord(hull, {-axis[1] / length, axis[0] / length}));
  });
  return diameters;
}

}  // namespace parotis::diagnose
