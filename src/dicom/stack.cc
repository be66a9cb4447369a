#include "dicom/stack.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "dicom/frame_times.h"
#include "dicom/placement.h"
#include "dicom/slice_spacing.h"

namespace parotis::dicom {
namespace {

using image::Vector3;

// Images of one distance along the normal that lie further apart than this sideways are not images of one place.
constexpr double kSamePlace_mm = 0.1;
// Stacks of one series whose normals differ by less than this (cosine) pretend to be one stack.
constexpr double kNearlyParallel = 0.94;  // 20°
constexpr std::size_t kFewestSlices = 3;  // of a stack that stands for itself
constexpr std::size_t kMostKinds = 4096;  // of images in one series: orientations, echo times, b-values
constexpr std::size_t kMostOrientations = 1024;

// Images whose numbers agree within a tolerance get the same index. Rounding instead would part neighbours that lie on
// either side of a rounding boundary.
template <std::size_t N>
class Alike {
 public:
  explicit Alike(double tolerance) : tolerance_(tolerance) {}
  int IndexOf(const std::optional<std::array<double, N>>& values) {
    if (!values) return -1;
    // More kinds than any series has are not told from each other any more.
    for (std::size_t i = 0; i < std::min(seen_.size(), kMostKinds); ++i) {
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
    return {PlacementProblem(plane).message, plane.size, alike, plane.image_type, plane.diffusion.direction_key,
            plane.diffusion.trace,           plane.stack};
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

// Some scanners number the images of every frame anew, and only their times part them.
auto RepetitionOrder(const PlaneHeader& plane) {
  const double time_s = plane.times.acquisition_s.value_or(0);
  return std::tuple_cat(
      std::make_tuple(plane.temporal_position, plane.acquisition_number, plane.instance_number, time_s),
      AcquisitionOrder(plane));
}

// Images at one distance along the normal, in order of acquisition.
struct Place {
  double along_normal_mm = 0;
  std::vector<const PlaneHeader*> images;
};

std::vector<Place> PlacesOf(const std::vector<const PlaneHeader*>& planes, const Vector3& normal) {
  std::vector<Place> places;
  std::vector<std::pair<double, const PlaneHeader*>> sorted;
  sorted.reserve(planes.size());
  for (const PlaneHeader* plane : planes) sorted.emplace_back(image::Dot(*plane->position_world, normal), plane);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [along_mm, plane] : sorted) {
    if (places.empty() || along_mm - places.back().along_normal_mm > kPositionTolerance_mm)
      places.push_back({along_mm, {}});
    places.back().images.push_back(plane);
  }
  for (Place& place : places) {
    std::stable_sort(place.images.begin(), place.images.end(), [](const PlaneHeader* a, const PlaneHeader* b) {
      return RepetitionOrder(*a) < RepetitionOrder(*b);
    });
  }
  return places;
}

// The same image twice by every number it carries, from two files: archives resend under new identifiers.
bool AreTwins(const PlaneHeader& a, const PlaneHeader& b) {
  return a.instance_number > 0 && a.instance_number == b.instance_number &&
         a.temporal_position == b.temporal_position && a.acquisition_number == b.acquisition_number &&
         a.times.acquisition_s == b.times.acquisition_s && a.times.trigger_s == b.times.trigger_s &&
         a.source.file != b.source.file && a.source.frame == b.source.frame &&
         a.source.first_pixel == b.source.first_pixel;
}

using Stack = std::vector<PlacedPlane>;

// Planes of one key cut into repetitions: result[r] holds the r-th image at every place that has one.
std::vector<Stack> Repetitions(const std::vector<Place>& places) {
  std::vector<Stack> repetitions;
  for (const Place& place : places) {
    std::size_t r = 0;
    const PlaneHeader* previous = nullptr;
    for (const PlaneHeader* image : place.images) {
      if (previous != nullptr && AreTwins(*previous, *image)) {
        repetitions[r - 1].back().twins.push_back(image);
        continue;
      }
      if (r == repetitions.size()) repetitions.emplace_back();
      repetitions[r++].push_back({image, place.along_normal_mm, {}});
      previous = image;
    }
  }
  return repetitions;
}

// Whether the images of `extra` are the beginning of a further pass through `first`, as when a scan is stopped: all of
// them later, and a run from one end of the stack or the first ones in order of acquisition.
bool IsInterruptedPass(const Stack& first, const Stack& extra) {
  const auto before = [](const PlacedPlane& a, const PlacedPlane& b) {
    return RepetitionOrder(*a.plane) < RepetitionOrder(*b.plane);
  };
  const PlacedPlane& last = *std::max_element(first.begin(), first.end(), before);
  const auto later = [&](const PlacedPlane& each) { return before(last, each); };
  if (extra.size() < 2 || !std::all_of(extra.begin(), extra.end(), later)) return false;
  const auto numbered_apart = [&](const PlacedPlane& each) {
    return each.plane->temporal_position != first.front().plane->temporal_position ||
           each.plane->acquisition_number != first.front().plane->acquisition_number;
  };
  if (std::all_of(extra.begin(), extra.end(), numbered_apart)) return true;
  const auto begins = [&](const Stack& order) {
    std::vector<double> places_mm;
    places_mm.reserve(extra.size());
    for (std::size_t k = 0; k < extra.size(); ++k) places_mm.push_back(order[k].along_normal_mm);
    std::sort(places_mm.begin(), places_mm.end());
    return std::all_of(extra.begin(), extra.end(), [&](const PlacedPlane& each) {
      const auto nearest =
          std::lower_bound(places_mm.begin(), places_mm.end(), each.along_normal_mm - kPositionTolerance_mm);
      return nearest != places_mm.end() && *nearest <= each.along_normal_mm + kPositionTolerance_mm;
    });
  };
  Stack acquired = first;
  std::sort(acquired.begin(), acquired.end(), before);
  return begins(first) || begins({first.rbegin(), first.rend()}) || begins(acquired);
}

// A second image at some places of a single pass belongs to no further pass: it must show the same as the first.
void FoldDuplicates(std::vector<Stack>& repetitions) {
  if (repetitions.size() != 2 || repetitions[1].size() >= repetitions[0].size()) return;
  if (IsInterruptedPass(repetitions[0], repetitions[1])) return;
  for (const PlacedPlane& extra : repetitions[1]) {
    const auto twin = std::find_if(repetitions[0].begin(), repetitions[0].end(), [&](const PlacedPlane& each) {
      return std::abs(each.along_normal_mm - extra.along_normal_mm) <= kPositionTolerance_mm;
    });
    twin->twins.push_back(extra.plane);
    twin->twins.insert(twin->twins.end(), extra.twins.begin(), extra.twins.end());
  }
  repetitions.pop_back();
}

// Several images at one distance along the normal, but at different places: position and orientation do not go
// together.
base::Finding PlacesProblem(const std::vector<Place>& places, const Vector3& normal) {
  for (const Place& place : places) {
    const Vector3& first = *place.images.front()->position_world;
    for (const PlaneHeader* image : place.images) {
      const double apart_mm = SidewaysDistanceMm(*image->position_world, first, normal);
      if (apart_mm <= kSamePlace_mm) continue;
      return base::Found(
          "orientation_contradictory",
          fmt::format("its images lie beside each other ({:.1f} mm apart within one plane): position and "
                      "orientation contradict each other",
                      apart_mm));
    }
  }
  return {};
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
  volume.calculated = first.diffusion.calculated;
  volume.flags = first.diffusion.flags;
  volume.image_type = first.image_type;
  volume.echo_time_ms = first.echo_time_ms;
  volume.unit = first.unit;
  volume.phase_encoding = first.phase_encoding;
  volume.temporal_position = first.temporal_position;
  std::vector<const FrameTimes*> times;
  times.reserve(planes.size());
  for (const PlaneHeader* plane : planes) times.push_back(&plane->times);
  volume.times = EarliestOf(times);
  volume.geometry.size = {first.size[0], first.size[1], static_cast<std::int64_t>(planes.size())};
  for (const PlaneHeader* plane : planes) {
    volume.planes.push_back(plane->source);
    ranked.earliest = std::min(ranked.earliest, AcquisitionOrder(*plane));
  }
  return ranked;
}

// The first of its images' problems with what they show, which says nothing about where they lie.
base::Finding DiffusionProblem(const std::vector<const PlaneHeader*>& planes) {
  for (const PlaneHeader* plane : planes) {
    if (!plane->diffusion.problem.empty()) return plane->diffusion.problem;
  }
  return {};
}

// Twins go where their slice is; said once for the volume.
void AddDuplicates(const Stack& stack, SeriesVolume& volume) {
  std::size_t slices = 0;
  for (std::size_t k = 0; k < stack.size(); ++k) {
    if (!stack[k].twins.empty()) ++slices;
    for (const PlaneHeader* twin : stack[k].twins) volume.duplicates.push_back({static_cast<int>(k), twin->source});
  }
  if (slices == 0) return;
  volume.flags.push_back(base::Found(
      "slices_duplicated", fmt::format("{} of its {} slices {} there more than once; they must be equal to be used",
                                       slices, stack.size(), slices == 1 ? "is" : "are")));
}

RankedVolume BuildVolume(const Stack& stack, const Axes& axes) {
  std::vector<const PlaneHeader*> planes;
  for (const PlacedPlane& each : stack) planes.push_back(each.plane);
  RankedVolume ranked = Describe(planes);
  SeriesVolume& volume = ranked.volume;
  const SliceSpacing spacing = SpacingOf(stack, axes.normal);
  volume.problem = spacing.problem.empty() ? DiffusionProblem(planes) : spacing.problem;
  if (!spacing.doubt.empty()) volume.flags.push_back(spacing.doubt);
  AddDuplicates(stack, volume);
  const PlaneHeader& first = *planes.front();
  image::Geometry& geometry = volume.geometry;
  // PixelSpacing is (between rows, between columns): the second is the step along a row.
  geometry.spacing_mm = {(*first.pixel_spacing_mm)[1], (*first.pixel_spacing_mm)[0], spacing.mm};
  geometry.origin_world = *first.position_world;
  for (std::size_t d = 0; d < 3; ++d) geometry.direction[d] = {axes.row[d], axes.column[d], axes.normal[d]};
  volume.plane = NearestPlane(axes.normal);
  return ranked;
}

// The volumes of one key.
struct Group {
  VolumeKey key;
  std::optional<Axes> axes;  // absent when its images have no place
  std::vector<RankedVolume> volumes;
};

Group Unplaced(const VolumeKey& key, const std::vector<const PlaneHeader*>& planes, const base::Finding& problem) {
  Group group{key, std::nullopt, {Describe(planes)}};
  group.volumes.front().volume.problem = problem;
  return group;
}

Group GroupOf(const VolumeKey& key, const std::vector<const PlaneHeader*>& planes) {
  const base::Finding problem = PlacementProblem(*planes.front());
  if (!problem.empty()) return Unplaced(key, planes, problem);
  Axes axes;
  AxesOf(*planes.front()->orientation, axes);
  const std::vector<Place> places = PlacesOf(planes, axes.normal);
  const base::Finding contradiction = PlacesProblem(places, axes.normal);
  if (!contradiction.empty()) return Unplaced(key, planes, contradiction);
  std::vector<Stack> repetitions = Repetitions(places);
  FoldDuplicates(repetitions);
  Group group{key, axes, {}};
  for (const Stack& stack : repetitions) group.volumes.push_back(BuildVolume(stack, axes));
  // The first repetition has an image at every position: the others must have as many.
  const std::size_t complete = repetitions.front().size();
  for (auto& [earliest, volume] : group.volumes) {
    if (volume.planes.size() == complete || !volume.problem.empty()) continue;
    volume.problem =
        base::Found("repetition_incomplete",
                    fmt::format("it has {} slices where the first repetition has {}", volume.planes.size(), complete));
  }
  return group;
}

bool StandsForItself(const Group& group) {
  return std::all_of(group.volumes.begin(), group.volumes.end(), [](const RankedVolume& each) {
    return each.volume.problem.empty() && each.volume.planes.size() >= kFewestSlices;
  });
}

// Images that agree in everything but a slightly different or reversed orientation, and do not make proper stacks of
// their own, were meant to be one stack.
void NameContradictoryOrientations(std::vector<Group>& groups) {
  std::map<VolumeKey, std::vector<Group*>> but_for_orientation;
  for (Group& group : groups) {
    if (!group.axes) continue;
    VolumeKey key = group.key;
    std::get<2>(key)[0] = 0;
    but_for_orientation[key].push_back(&group);
  }
  for (const auto& [key, alike] : but_for_orientation) {
    std::vector<bool> stands;
    for (const Group* group : alike) stands.push_back(StandsForItself(*group));
    // Among so many orientations each has another that is nearly its own.
    const bool too_many = alike.size() > kMostOrientations;
    for (std::size_t a = 0; a < alike.size(); ++a) {
      bool contradictory = too_many;
      for (std::size_t b = 0; b < alike.size() && !contradictory; ++b) {
        contradictory = a != b && !(stands[a] && stands[b]) &&
                        std::abs(image::Dot(alike[a]->axes->normal, alike[b]->axes->normal)) >= kNearlyParallel;
      }
      if (!contradictory) continue;
      stands[a] = false;
      for (RankedVolume& each : alike[a]->volumes) {
        each.volume.problem =
            base::Found("orientation_contradictory", "images of one stack have different orientations");
      }
    }
  }
}

}  // namespace

std::vector<SeriesVolume> BuildVolumes(const std::vector<PlaneHeader>& planes) {
  KeyMaker keys;
  std::map<VolumeKey, std::vector<const PlaneHeader*>> groups;
  for (const PlaneHeader& plane : planes) groups[keys.KeyOf(plane)].push_back(&plane);
  std::vector<Group> built;
  built.reserve(groups.size());
  for (const auto& [key, members] : groups) built.push_back(GroupOf(key, members));
  NameContradictoryOrientations(built);
  std::vector<RankedVolume> ranked;
  for (Group& group : built) {
    for (RankedVolume& volume : group.volumes) ranked.push_back(std::move(volume));
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const RankedVolume& a, const RankedVolume& b) { return a.earliest < b.earliest; });
  std::vector<SeriesVolume> volumes;
  volumes.reserve(ranked.size());
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
