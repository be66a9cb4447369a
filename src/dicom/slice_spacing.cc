#include "dicom/slice_spacing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dicom/placement.h"

namespace parotis::dicom {
namespace {

using image::Vector3;

constexpr double kDriftTolerance_mm = 0.1;  // sideways, from the first slice to any other
constexpr double kPi = 3.14159265358979323846;

std::vector<double> GapsOf(const std::vector<PlacedPlane>& stack) {
  std::vector<double> gaps_mm;
  for (std::size_t k = 1; k < stack.size(); ++k)
    gaps_mm.push_back(stack[k].along_normal_mm - stack[k - 1].along_normal_mm);
  return gaps_mm;
}

// The lower median: missing slices only make gaps larger.
double UsualGap(std::vector<double> gaps_mm) {
  const auto middle = gaps_mm.begin() + static_cast<std::ptrdiff_t>((gaps_mm.size() - 1) / 2);
  std::nth_element(gaps_mm.begin(), middle, gaps_mm.end());
  return *middle;
}

base::Finding GapProblem(const std::vector<double>& gaps_mm, double usual_mm) {
  for (std::size_t k = 0; k < gaps_mm.size(); ++k) {
    const double gap_mm = gaps_mm[k];
    if (std::abs(gap_mm - usual_mm) <= std::max(kSpacingTolerance * usual_mm, kPositionTolerance_mm)) continue;
    const double missing = std::round(gap_mm / usual_mm) - 1;
    const bool whole = missing >= 1 && std::abs(gap_mm - (missing + 1) * usual_mm) <= 0.05 * usual_mm;
    return base::Found(whole ? "slices_missing" : "slices_irregular",
                       fmt::format("{} between slices {} and {}: {:.2f} mm apart where {:.2f} mm is the rule",
                                   whole ? fmt::format("{:.0f} slice{} missing", missing, missing > 1 ? "s are" : " is")
                                         : "uneven spacing",
                                   k + 1, k + 2, gap_mm, usual_mm));
  }
  return {};
}

// A tilted gantry moves every slice by the same amount along the plane; anything else is a shift.
base::Finding SidewaysProblem(const std::vector<PlacedPlane>& stack, const Vector3& normal) {
  const Vector3& first = *stack.front().plane->position_world;
  const Vector3& last = *stack.back().plane->position_world;
  const double range_mm = stack.back().along_normal_mm - stack.front().along_normal_mm;
  const Vector3 slope = Scaled(Minus(last, first), 1 / range_mm);
  bool drifts = false;
  bool straight = true;
  for (const PlacedPlane& each : stack) {
    const Vector3& position = *each.plane->position_world;
    const double along_mm = each.along_normal_mm - stack.front().along_normal_mm;
    drifts = drifts || SidewaysDistanceMm(position, first, normal) > kDriftTolerance_mm;
    straight = straight && image::Norm(Minus(Minus(position, first), Scaled(slope, along_mm))) <= kDriftTolerance_mm;
  }
  if (!drifts) return {};
  const double tilt_degrees = std::acos(1 / std::max(1.0, image::Norm(slope))) * 180 / kPi;
  if (straight && stack.size() > 2) {
    return base::Found("gantry_tilt",
                       fmt::format("its slices are stacked at {:.1f}° to their normal (gantry tilt)", tilt_degrees));
  }
  return base::Found("slices_shifted", "its slices are shifted sideways against each other");
}

base::Finding DoubtAbout(double spacing_mm, const PlaneHeader& plane) {
  const double written_mm = plane.slice_spacing_mm.value_or(0);
  if (written_mm <= 0 || spacing_mm < 1.9 * written_mm) return {};
  const double multiple = spacing_mm / written_mm;
  if (std::abs(multiple - std::round(multiple)) > 0.05) return {};
  return base::Found(
      "spacing_contradictory",
      fmt::format("its slices are {:.2f} mm apart where the header says {:.2f} mm: slices may be missing", spacing_mm,
                  written_mm));
}

}  // namespace

SliceSpacing SpacingOf(const std::vector<PlacedPlane>& stack, const Vector3& normal) {
  if (stack.size() == 1) {
    const double written_mm = stack.front().plane->slice_spacing_mm.value_or(0);
    if (written_mm > 0) return {written_mm, {}, {}};
    return {0, base::Found("position_missing", "it is a single slice without a thickness"), {}};
  }
  const std::vector<double> gaps_mm = GapsOf(stack);
  SliceSpacing spacing;
  spacing.problem = GapProblem(gaps_mm, UsualGap(gaps_mm));
  if (spacing.problem.empty()) spacing.problem = SidewaysProblem(stack, normal);
  if (!spacing.problem.empty()) return spacing;
  const double range_mm = stack.back().along_normal_mm - stack.front().along_normal_mm;
  spacing.mm = range_mm / static_cast<double>(stack.size() - 1);
  spacing.doubt = DoubtAbout(spacing.mm, *stack.front().plane);
  return spacing;
}

double SidewaysDistanceMm(const Vector3& a, const Vector3& b, const Vector3& normal) {
  const Vector3 offset = Minus(a, b);
  return image::Norm(Minus(offset, Scaled(normal, image::Dot(offset, normal))));
}

}  // namespace parotis::dicom
