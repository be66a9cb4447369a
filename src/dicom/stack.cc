#include "dicom/stack.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace parotis::dicom {
namespace {

using image::Vector3;

constexpr double kOrthogonality = 1e-3;  // largest |row · column| of an orientation
constexpr std::int64_t kMostPixelsAcross = 16384;
constexpr double kDriftTolerance_mm = 0.1;  // sideways, from the first slice to the last

struct Axes {
  Vector3 row;
  Vector3 column;
  Vector3 normal;
};

Vector3 Scaled(const Vector3& v, double factor) { return {v[0] * factor, v[1] * factor, v[2] * factor}; }
Vector3 Minus(const Vector3& a, const Vector3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }

// Orthonormal axes of an orientation; false when its vectors are not unit vectors at right angles.
bool AxesOf(const std::array<double, 6>& o, Axes& axes) {
  const Vector3 row = {o[0], o[1], o[2]};
  const Vector3 column = {o[3], o[4], o[5]};
  const double row_length = image::Norm(row);
  const double column_length = image::Norm(column);
  if (std::abs(row_length - 1) > 0.01 || std::abs(column_length - 1) > 0.01) return false;
  axes.row = Scaled(row, 1 / row_length);
  const double overlap = image::Dot(axes.row, column) / column_length;
  if (std::abs(overlap) > kOrthogonality) return false;
  const Vector3 across = Minus(Scaled(column, 1 / column_length), Scaled(axes.row, overlap));
  axes.column = Scaled(across, 1 / image::Norm(across));
  axes.normal = image::Cross(axes.row, axes.column);
  return true;
}

// Why this image cannot be placed in the patient; empty when it can.
Finding ProblemOf(const PlaneHeader& plane) {
  if (!plane.problem.empty()) return plane.problem;
  const auto unplaced = [](const char* message) { return Found("position_missing", message); };
  if (plane.size[0] < 1 || plane.size[1] < 1) return unplaced("its images have no rows or columns");
  if (plane.size[0] > kMostPixelsAcross || plane.size[1] > kMostPixelsAcross)
    return unplaced("its images claim to be impossibly large");
  if (!plane.position_world) return unplaced("its images have no position (ImagePositionPatient)");
  if (!plane.orientation)
    return Found("laterality_unknown",
                 "its images have no orientation (ImageOrientationPatient): left and right are unknown");
  if (!plane.pixel_spacing_mm || (*plane.pixel_spacing_mm)[0] <= 0 || (*plane.pixel_spacing_mm)[1] <= 0) {
    return unplaced("its images have no pixel spacing (PixelSpacing)");
  }
  Axes axes;
  if (!AxesOf(*plane.orientation, axes))
    return Found("orientation_invalid", "its ImageOrientationPatient is not two unit vectors at right angles");
  return {};
}

// Images whose numbers agree within a tolerance get the same index. Rounding instead would part neighbours that lie on
// either side of a rounding boundary.
template <std::size_t N>
class Alike {
 public:
  explicit Alike(double tolerance) : tolerance_(tolerance) {}
  int IndexOf(const std::optional<std::array<double, N>>& values) {
    if (!values) return -1;
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      bool same = true;
      for (std::size_t n = 0; n < N; ++n) same = same && std::abs(seen_[i][n] - (*values)[n]) <= tolerance_;
      if (same) return static_cast<int>(i);
    }
    seen_.push_back(*values);
    return static_cast<int>(seen_.size()) - 1;
  }

 private:
  double tolerance_;
  std::vector<std::array<double, N>> seen_;
};

// What images of one volume have in common.
using VolumeKey = std::tuple<std::string, std::array<std::int64_t, 2>, std::array<int, 4>, std::vector<std::string>,
                             std::string, bool, std::string>;

class KeyMaker {
 public:
  VolumeKey KeyOf(const PlaneHeader& plane) {
    const auto single = [](const std::optional<double>& value) {
      return value ? std::make_optional(std::array<double, 1>{*value}) : std::nullopt;
    };
    const std::array<int, 4> alike = {
        orientations_.IndexOf(plane.orientation), spacings_.IndexOf(plane.pixel_spacing_mm),
        echo_times_.IndexOf(single(plane.echo_time_ms)), b_values_.IndexOf(single(plane.diffusion.b_value_s_mm2))};
    return {ProblemOf(plane).message, plane.size, alike, plane.image_type, plane.diffusion.direction_key,
            plane.diffusion.trace,    plane.stack};
  }

 private:
  Alike<6> orientations_{kOrthogonality};
  Alike<2> spacings_{1e-4};
  Alike<1> echo_times_{0.01};
  Alike<1> b_values_{1e-4};
};

using AcquisitionRank = std::tuple<int, int, int, std::array<int, 2>>;

AcquisitionRank AcquisitionOrder(const PlaneHeader& plane) {
  return {plane.instance_number, plane.source.file, plane.source.frame, plane.source.first_pixel};
}

auto RepetitionOrder(const PlaneHeader& plane) {
  return std::tuple_cat(std::make_tuple(plane.temporal_position, plane.acquisition_number), AcquisitionOrder(plane));
}

struct PlacedPlane {
  const PlaneHeader* plane;
  double along_normal_mm;
};

// Planes of one key, in slice order, cut into repetitions: result[r] holds the r-th image at every position that has
// one.
std::vector<std::vector<PlacedPlane>> Repetitions(const std::vector<const PlaneHeader*>& planes,
                                                  const Vector3& normal) {
  std::vector<PlacedPlane> placed;
  for (const PlaneHeader* plane : planes) placed.push_back({plane, image::Dot(*plane->position_world, normal)});
  std::stable_sort(placed.begin(), placed.end(),
                   [](const PlacedPlane& a, const PlacedPlane& b) { return a.along_normal_mm < b.along_normal_mm; });
  std::vector<std::vector<PlacedPlane>> repetitions;
  for (auto first = placed.begin(); first != placed.end();) {
    const double here_mm = first->along_normal_mm;
    const auto last = std::find_if(first, placed.end(), [&](const PlacedPlane& each) {
      return each.along_normal_mm - here_mm > kPositionTolerance_mm;
    });
    std::stable_sort(first, last, [](const PlacedPlane& a, const PlacedPlane& b) {
      return RepetitionOrder(*a.plane) < RepetitionOrder(*b.plane);
    });
    for (auto each = first; each != last; ++each) {
      const auto r = static_cast<std::size_t>(each - first);
      if (r == repetitions.size()) repetitions.emplace_back();
      repetitions[r].push_back(*each);
    }
    first = last;
  }
  return repetitions;
}

// The spacing of the stack, or the sentence that says why there is none.
struct Spacing {
  double mm = 0;
  Finding problem;
};

Spacing SpacingOf(const std::vector<PlacedPlane>& stack) {
  if (stack.size() == 1) {
    const double written_mm = stack.front().plane->slice_spacing_mm.value_or(0);
    if (written_mm <= 0) return {0, Found("position_missing", "it is a single slice without a thickness")};
    return {written_mm, {}};
  }
  std::vector<double> gaps_mm;
  for (std::size_t k = 1; k < stack.size(); ++k)
    gaps_mm.push_back(stack[k].along_normal_mm - stack[k - 1].along_normal_mm);
  std::vector<double> sorted = gaps_mm;
  // The lower median: missing slices only make gaps larger.
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const double usual_mm = *middle;
  for (std::size_t k = 0; k < gaps_mm.size(); ++k) {
    const double gap_mm = gaps_mm[k];
    if (std::abs(gap_mm - usual_mm) <= std::max(kSpacingTolerance * usual_mm, kPositionTolerance_mm)) continue;
    const double missing = std::round(gap_mm / usual_mm) - 1;
    const bool whole = missing >= 1 && std::abs(gap_mm - (missing + 1) * usual_mm) <= 0.05 * usual_mm;
    return {0, Found(whole ? "slices_missing" : "slices_irregular",
                     fmt::format("{} between slices {} and {}: {:.2f} mm apart where {:.2f} mm is the rule",
                                 whole ? fmt::format("{:.0f} slice{} missing", missing, missing > 1 ? "s are" : " is")
                                       : "uneven spacing",
                                 k + 1, k + 2, gap_mm, usual_mm))};
  }
  const double range_mm = stack.back().along_normal_mm - stack.front().along_normal_mm;
  return {range_mm / static_cast<double>(stack.size() - 1), {}};
}

bool DriftsSideways(const std::vector<PlacedPlane>& stack, const Vector3& normal) {
  const Vector3& first = *stack.front().plane->position_world;
  return std::any_of(stack.begin(), stack.end(), [&](const PlacedPlane& each) {
    const Vector3 offset = Minus(*each.plane->position_world, first);
    return image::Norm(Minus(offset, Scaled(normal, image::Dot(offset, normal)))) > kDriftTolerance_mm;
  });
}

SlicePlane NearestPlane(const Vector3& normal) {
  const Vector3 size = {std::abs(normal[0]), std::abs(normal[1]), std::abs(normal[2])};
  const auto axis = std::max_element(size.begin(), size.end()) - size.begin();
  return axis == 0 ? SlicePlane::kSagittal : axis == 1 ? SlicePlane::kCoronal : SlicePlane::kAxial;
}

struct RankedVolume {
  AcquisitionRank earliest;  // of its images
  SeriesVolume volume;
};

// Everything but geometry.
RankedVolume Describe(const std::vector<const PlaneHeader*>& planes) {
  const PlaneHeader& first = *planes.front();
  RankedVolume ranked{AcquisitionOrder(first), {}};
  SeriesVolume& volume = ranked.volume;
  volume.b_value_s_mm2 = first.diffusion.b_value_s_mm2;
  volume.b_value_source = first.diffusion.b_value_source;
  volume.gradient_world = first.diffusion.gradient_world;
  volume.direction_key = first.diffusion.direction_key;
  volume.trace = first.diffusion.trace;
  volume.image_type = first.image_type;
  volume.echo_time_ms = first.echo_time_ms;
  volume.unit = first.unit;
  volume.geometry.size = {first.size[0], first.size[1], static_cast<std::int64_t>(planes.size())};
  for (const PlaneHeader* plane : planes) {
    volume.planes.push_back(plane->source);
    ranked.earliest = std::min(ranked.earliest, AcquisitionOrder(*plane));
  }
  return ranked;
}

RankedVolume BuildVolume(const std::vector<PlacedPlane>& stack, const Axes& axes) {
  std::vector<const PlaneHeader*> planes;
  for (const PlacedPlane& each : stack) planes.push_back(each.plane);
  RankedVolume ranked = Describe(planes);
  SeriesVolume& volume = ranked.volume;
  const Spacing spacing = SpacingOf(stack);
  volume.problem = spacing.problem;
  if (volume.problem.empty() && DriftsSideways(stack, axes.normal)) {
    volume.problem = Found("slices_shifted", "its slices are shifted sideways against each other");
  }
  const PlaneHeader& first = *planes.front();
  image::Geometry& geometry = volume.geometry;
  // PixelSpacing is (between rows, between columns): the second is the step along a row.
  geometry.spacing_mm = {(*first.pixel_spacing_mm)[1], (*first.pixel_spacing_mm)[0], spacing.mm};
  geometry.origin_world = *first.position_world;
  for (std::size_t d = 0; d < 3; ++d) geometry.direction[d] = {axes.row[d], axes.column[d], axes.normal[d]};
  volume.plane = NearestPlane(axes.normal);
  return ranked;
}

std::vector<RankedVolume> VolumesOfKey(const std::vector<const PlaneHeader*>& planes) {
  const Finding problem = ProblemOf(*planes.front());
  if (!problem.empty()) {
    RankedVolume unplaced = Describe(planes);
    unplaced.volume.problem = problem;
    return {unplaced};
  }
  Axes axes;
  AxesOf(*planes.front()->orientation, axes);
  std::vector<RankedVolume> volumes;
  for (const auto& stack : Repetitions(planes, axes.normal)) volumes.push_back(BuildVolume(stack, axes));
  // The first repetition has an image at every position: the others must have as many.
  const std::size_t complete = volumes.front().volume.planes.size();
  for (auto& [earliest, volume] : volumes) {
    if (volume.planes.size() == complete || !volume.problem.empty()) continue;
    volume.problem = Found("repetition_incomplete", fmt::format("it has {} slices where the first repetition has {}",
                                                                volume.planes.size(), complete));
  }
  return volumes;
}

}  // namespace

std::vector<SeriesVolume> BuildVolumes(const std::vector<PlaneHeader>& planes) {
  KeyMaker keys;
  std::map<VolumeKey, std::vector<const PlaneHeader*>> groups;
  for (const PlaneHeader& plane : planes) groups[keys.KeyOf(plane)].push_back(&plane);
  std::vector<RankedVolume> ranked;
  for (const auto& [key, members] : groups) {
    for (RankedVolume& volume : VolumesOfKey(members)) ranked.push_back(std::move(volume));
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const RankedVolume& a, const RankedVolume& b) { return a.earliest < b.earliest; });
  std::vector<SeriesVolume> volumes;
  for (RankedVolume& each : ranked) volumes.push_back(std::move(each.volume));
  return volumes;
}

SlicePlane PlaneOf(const std::vector<SeriesVolume>& volumes) {
  SlicePlane common = SlicePlane::kUnknown;
  for (const SeriesVolume& volume : volumes) {
    if (volume.plane == SlicePlane::kUnknown) continue;
    if (common != SlicePlane::kUnknown && common != volume.plane) return SlicePlane::kMixed;
    common = volume.plane;
  }
  return common;
}

}  // namespace parotis::dicom
