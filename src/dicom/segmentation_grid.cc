#include "dicom/segmentation_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dicom/placement.h"
#include "dicom/slice_spacing.h"

namespace parotis::dicom {
namespace {

using image::Vector3;

constexpr double kSideways_mm = 0.1;         // by which frames may be shifted in their plane
constexpr double kSameDirection = 1 - 1e-4;  // cosine
constexpr double kSameSpacing = 1e-3;        // relative, between the pixel spacings of two frames
constexpr double kMostSlices = 32768;

[[noreturn]] void RefuseFrames(const char* code, const std::string& name, const std::string& fact) {
  base::Refuse(base::Found(code, fmt::format("{}: {}", name, fact)));
}

PlaneHeader PlaneOf(const FrameItems& frame) {
  PlaneHeader plane;
  plane.size = {Integer(*frame.dataset, tag::kColumns).value_or(0), Integer(*frame.dataset, tag::kRows).value_or(0)};
  plane.position_world = Vector(frame.With(tag::kPlanePositionSequence, tag::kImagePosition), tag::kImagePosition);
  const auto orientation =
      Numbers(frame.With(tag::kPlaneOrientationSequence, tag::kImageOrientation), tag::kImageOrientation);
  if (orientation.size() == 6) std::copy_n(orientation.begin(), 6, plane.orientation.emplace().begin());
  const auto spacing = Numbers(frame.With(tag::kPixelMeasuresSequence, tag::kPixelSpacing), tag::kPixelSpacing);
  if (spacing.size() == 2) plane.pixel_spacing_mm = {spacing[0], spacing[1]};
  for (const Tag& attribute : {tag::kSpacingBetweenSlices, tag::kSliceThickness}) {
    if (plane.slice_spacing_mm.value_or(0) <= 0)
      plane.slice_spacing_mm = Number(frame.With(tag::kPixelMeasuresSequence, attribute), attribute);
  }
  return plane;
}

double WrittenSpacingMm(const FrameItems& frame) {
  return Number(frame.With(tag::kPixelMeasuresSequence, tag::kSpacingBetweenSlices), tag::kSpacingBetweenSlices)
      .value_or(0);
}

bool SamePlane(const PlaneHeader& a, const Axes& axes_a, const PlaneHeader& b, const Axes& axes_b) {
  const auto close = [](double x, double y) { return std::abs(x - y) <= kSameSpacing * y; };
  return image::Dot(axes_a.row, axes_b.row) >= kSameDirection &&
         image::Dot(axes_a.column, axes_b.column) >= kSameDirection &&
         close((*a.pixel_spacing_mm)[0], (*b.pixel_spacing_mm)[0]) &&
         close((*a.pixel_spacing_mm)[1], (*b.pixel_spacing_mm)[1]);
}

std::vector<PlaneHeader> CheckedPlanes(const std::vector<FrameItems>& frames, const std::string& name, Axes& axes) {
  std::vector<PlaneHeader> planes;
  for (const FrameItems& frame : frames) {
    PlaneHeader plane = PlaneOf(frame);
    if (const base::Finding problem = PlacementProblem(plane); !problem.empty())
      RefuseFrames(problem.code.c_str(), name, problem.message);
    Axes own;
    AxesOf(*plane.orientation, own);
    if (planes.empty()) axes = own;
    if (!planes.empty() && !SamePlane(plane, own, planes.front(), axes))
      RefuseFrames("slices_irregular", name, "its frames lie in planes of different directions or resolutions");
    planes.push_back(std::move(plane));
  }
  return planes;
}

double ToleranceMm(double step_mm) { return std::max(kSpacingTolerance * step_mm, kPositionTolerance_mm); }

bool AllAtMultiples(const std::vector<double>& offsets_mm, double step_mm) {
  return std::all_of(offsets_mm.begin(), offsets_mm.end(), [&](double offset_mm) {
    return std::abs(offset_mm - std::round(offset_mm / step_mm) * step_mm) <= ToleranceMm(step_mm);
  });
}

// `offsets_mm`: of the frames from the lowest, along the normal. 0 when there is no step that explains them.
double StepOf(std::vector<double> offsets_mm, double written_mm, double thickness_mm) {
  std::sort(offsets_mm.begin(), offsets_mm.end());
  const double range_mm = offsets_mm.back();
  if (range_mm <= kPositionTolerance_mm) return written_mm > 0 ? written_mm : thickness_mm;
  double smallest_mm = range_mm;
  for (std::size_t f = 1; f < offsets_mm.size(); ++f) {
    const double gap_mm = offsets_mm[f] - offsets_mm[f - 1];
    if (gap_mm > kPositionTolerance_mm) smallest_mm = std::min(smallest_mm, gap_mm);
  }
  for (const double candidate_mm : {written_mm, smallest_mm}) {
    if (candidate_mm <= 0 || candidate_mm > smallest_mm + ToleranceMm(smallest_mm)) continue;
    const double steps = std::round(range_mm / candidate_mm);
    if (steps > kMostSlices) continue;
    const double step_mm = range_mm / steps;  // the rounding of positions does not add up
    if (AllAtMultiples(offsets_mm, step_mm)) return step_mm;
  }
  return 0;
}

}  // namespace

FrameStack StackOf(const std::vector<FrameItems>& frames, const std::string& name) {
  Axes axes;
  const std::vector<PlaneHeader> planes = CheckedPlanes(frames, name, axes);
  const auto along = [&](const PlaneHeader& plane) { return image::Dot(*plane.position_world, axes.normal); };
  const auto lowest = std::min_element(planes.begin(), planes.end(),
                                       [&](const PlaneHeader& a, const PlaneHeader& b) { return along(a) < along(b); });
  std::vector<double> offsets_mm;
  for (const PlaneHeader& plane : planes) {
    if (SidewaysDistanceMm(*plane.position_world, *lowest->position_world, axes.normal) > kSideways_mm)
      RefuseFrames("slices_shifted", name, "its frames are shifted sideways against each other");
    offsets_mm.push_back(along(plane) - along(*lowest));
  }
  const double step_mm = StepOf(offsets_mm, WrittenSpacingMm(frames.front()), lowest->slice_spacing_mm.value_or(0));
  if (step_mm <= 0) {
    if (frames.size() == 1) RefuseFrames("position_missing", name, "it is a single slice without a thickness");
    RefuseFrames("slices_irregular", name, "its frames are not at multiples of one distance");
  }
  FrameStack stack;
  image::Geometry& geometry = stack.geometry;
  for (const double offset_mm : offsets_mm)
    stack.slices.push_back(static_cast<std::int64_t>(std::llround(offset_mm / step_mm)));
  geometry.size = {lowest->size[0], lowest->size[1], *std::max_element(stack.slices.begin(), stack.slices.end()) + 1};
  geometry.spacing_mm = {(*lowest->pixel_spacing_mm)[1], (*lowest->pixel_spacing_mm)[0], step_mm};
  geometry.origin_world = *lowest->position_world;
  for (std::size_t row = 0; row < 3; ++row)
    geometry.direction[row] = {axes.row[row], axes.column[row], axes.normal[row]};
  image::CheckGeometry(geometry, name);
  return stack;
}

}  // namespace parotis::dicom
