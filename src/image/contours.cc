#include "image/contours.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace parotis::image {
namespace {

using Point2 = std::array<double, 2>;

constexpr double kPlanar_mm = 0.2;
constexpr double kOnePlane_mm = 0.05;
constexpr double kNeighbours = 1.5;  // times the thickness: planes nearer than that have nothing between them
constexpr double kLeastArea_mm2 = 1e-6;
// Slabs begin and end this part of their thickness early, so that slices exactly between two planes belong to the upper
// one and slices exactly at the outer end of the last one to none, whatever the rounding.
constexpr double kTieShift = 1e-4;

Vector3 Plus(const Vector3& a, const Vector3& b, double factor) {
  return {a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]};
}

// Twice the vector area of a polygon: along its normal (Newell's formula).
Vector3 VectorArea(const Polygon& polygon) {
  Vector3 sum = {0, 0, 0};
  for (std::size_t at = 0; at < polygon.size(); ++at) {
    const Vector3 a = Plus(polygon[at], polygon.front(), -1);
    const Vector3 b = Plus(polygon[(at + 1) % polygon.size()], polygon.front(), -1);
    sum = Plus(sum, Cross(a, b), 1);
  }
  return sum;
}

// Normal, u and v from the largest polygon, which knows its plane best.
bool SetAxes(std::span<const Polygon> polygons, ContourStack& stack) {
  Vector3 largest = {0, 0, 0};
  for (const Polygon& polygon : polygons) {
    const Vector3 area = VectorArea(polygon);
    if (Norm(area) > Norm(largest)) largest = area;
  }
  if (!(Norm(largest) > kLeastArea_mm2)) return false;
  const auto main_axis =
      std::max_element(largest.begin(), largest.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  stack.normal = Plus({0, 0, 0}, largest, (*main_axis < 0 ? -1 : 1) / Norm(largest));
  const Vector3 helper = std::abs(stack.normal[0]) < 0.9 ? Vector3{1, 0, 0} : Vector3{0, 1, 0};
  const Vector3 across = Plus(helper, stack.normal, -Dot(helper, stack.normal));
  stack.u = Plus({0, 0, 0}, across, 1 / Norm(across));
  stack.v = Cross(stack.normal, stack.u);
  return true;
}

// The position of a polygon on the normal; absent when it does not lie in one plane across it.
std::optional<double> PositionOf(const Polygon& polygon, const Vector3& normal) {
  double sum_mm = 0;
  double lowest_mm = std::numeric_limits<double>::infinity();
  double highest_mm = -lowest_mm;
  for (const Vector3& point : polygon) {
    const double along_mm = Dot(point, normal);
    sum_mm += along_mm;
    lowest_mm = std::min(lowest_mm, along_mm);
    highest_mm = std::max(highest_mm, along_mm);
  }
  if (!(highest_mm - lowest_mm <= 2 * kPlanar_mm)) return std::nullopt;
  return sum_mm / static_cast<double>(polygon.size());
}

double UsualDistanceMm(const std::vector<ContourPlane>& planes) {
  if (planes.size() < 2) return 0;
  std::vector<double> gaps_mm;
  for (std::size_t p = 1; p < planes.size(); ++p)
    gaps_mm.push_back(planes[p].along_normal_mm - planes[p - 1].along_normal_mm);
  const auto middle = gaps_mm.begin() + static_cast<std::ptrdiff_t>((gaps_mm.size() - 1) / 2);
  std::nth_element(gaps_mm.begin(), middle, gaps_mm.end());
  return *middle;
}

// What of the normal belongs to one plane: [lower, upper).
struct Slab {
  double lower_mm;
  double upper_mm;
};

std::vector<Slab> SlabsOf(const ContourStack& stack, double thickness_mm) {
  std::vector<Slab> slabs;
  const auto& planes = stack.planes;
  // Half of the distance to a neighbour, or half of the thickness when there is a gap.
  const auto reach_mm = [&](double distance_mm) {
    return distance_mm <= kNeighbours * thickness_mm ? distance_mm / 2 : thickness_mm / 2;
  };
  for (std::size_t p = 0; p < planes.size(); ++p) {
    const double at_mm = planes[p].along_normal_mm;
    const double below_mm = p == 0 ? thickness_mm : at_mm - planes[p - 1].along_normal_mm;
    const double above_mm = p + 1 == planes.size() ? thickness_mm : planes[p + 1].along_normal_mm - at_mm;
    const double shift_mm = kTieShift * thickness_mm;
    slabs.push_back({at_mm - reach_mm(below_mm) - shift_mm, at_mm + reach_mm(above_mm) - shift_mm});
  }
  return slabs;
}

// The extent of a voxel along a direction.
double VoxelExtentMm(const Geometry& grid, const Vector3& direction) {
  double extent_mm = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const Vector3 column = {grid.direction[0][axis], grid.direction[1][axis], grid.direction[2][axis]};
    extent_mm += std::abs(Dot(column, direction)) * grid.spacing_mm[axis];
  }
  return extent_mm;
}

// Where the line start + t · step crosses the rings of a plane, ascending in t. A step of no length is a point: the
// crossings of a ray from it are then counted, and t is 0.
std::vector<double> CrossingsOf(const ContourPlane& plane, const Point2& start, const Point2& step, bool is_point) {
  const Point2 line = is_point ? Point2{1, 0} : step;
  const double squared = line[0] * line[0] + line[1] * line[1];
  std::vector<double> crossings;
  for (const auto& ring : plane.rings_mm) {
    for (std::size_t at = 0; at < ring.size(); ++at) {
      const Point2 a = {ring[at][0] - start[0], ring[at][1] - start[1]};
      const Point2& next = ring[(at + 1) % ring.size()];
      const Point2 b = {next[0] - start[0], next[1] - start[1]};
      const double side_a = line[0] * a[1] - line[1] * a[0];
      const double side_b = line[0] * b[1] - line[1] * b[0];
      if ((side_a < 0) == (side_b < 0)) continue;  // half-open: a corner on the line counts once
      const double part = side_a / (side_a - side_b);
      const Point2 at_line = {a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])};
      const double t = (at_line[0] * line[0] + at_line[1] * line[1]) / squared;
      if (!is_point || t > 0) crossings.push_back(is_point ? 0 : t);
    }
  }
  std::sort(crossings.begin(), crossings.end());
  return crossings;
}

struct Range {
  std::int64_t first;
  std::int64_t end;
};

Range Within(double lower, double upper, const Range& limits) {
  const auto clip = [&](double value) {
    return static_cast<std::int64_t>(
        std::clamp(std::ceil(value), static_cast<double>(limits.first), static_cast<double>(limits.end)));
  };
  return {clip(lower), clip(upper)};
}

// Voxels i with lower ≤ start + i · step < upper.
Range InSlab(const Slab& slab, double start_mm, double step_mm, const Range& limits) {
  if (std::abs(step_mm) < 1e-9) {
    const bool inside = start_mm >= slab.lower_mm && start_mm < slab.upper_mm;
    return inside ? limits : Range{limits.first, limits.first};
  }
  const double a = (slab.lower_mm - start_mm) / step_mm;
  const double b = (slab.upper_mm - start_mm) / step_mm;
  return Within(std::min(a, b), std::max(a, b), limits);
}

class Filler {
 public:
  Filler(const ContourStack& stack, const Geometry& grid) : stack_(stack), grid_(grid), mask_(grid) {
    const double thickness_mm = stack.thickness_mm > 0 ? stack.thickness_mm : VoxelExtentMm(grid, stack.normal);
    slabs_ = SlabsOf(stack, thickness_mm);
    for (std::size_t row = 0; row < 3; ++row) step_world_[row] = grid.direction[row][0] * grid.spacing_mm[0];
    FindBox(thickness_mm);
  }

  LabelVolume Fill() {
    for (std::int64_t k = box_[2].first; k < box_[2].end; ++k) {
      for (std::int64_t j = box_[1].first; j < box_[1].end; ++j) FillRow(j, k);
    }
    return std::move(mask_);
  }

 private:
  // The voxels that any of the slabs can reach.
  void FindBox(double thickness_mm) {
    Vector3 lowest = {1e9, 1e9, 1e9};
    Vector3 highest = {-1e9, -1e9, -1e9};
    for (const ContourPlane& plane : stack_.planes) {
      for (const auto& ring : plane.rings_mm) {
        for (const Point2& point : ring) {
          for (const double side : {-thickness_mm, thickness_mm}) {
            const Vector3 in_plane = Plus(Plus({0, 0, 0}, stack_.u, point[0]), stack_.v, point[1]);
            const Vector3 at = VoxelFromWorld(grid_, Plus(in_plane, stack_.normal, plane.along_normal_mm + side));
            for (std::size_t axis = 0; axis < 3; ++axis) {
              lowest[axis] = std::min(lowest[axis], at[axis]);
              highest[axis] = std::max(highest[axis], at[axis]);
            }
          }
        }
      }
    }
    for (std::size_t axis = 0; axis < 3; ++axis)
      box_[axis] = Within(lowest[axis] - 1, highest[axis] + 2, {0, grid_.size[axis]});
  }

  void FillRow(std::int64_t j, std::int64_t k) {
    const Vector3 start = WorldFromVoxel(grid_, {0, static_cast<double>(j), static_cast<double>(k)});
    const double step_along_mm = Dot(step_world_, stack_.normal);
    const Point2 start_mm = {Dot(start, stack_.u), Dot(start, stack_.v)};
    const Point2 step_mm = {Dot(step_world_, stack_.u), Dot(step_world_, stack_.v)};
    const bool is_point = std::hypot(step_mm[0], step_mm[1]) < 1e-6 * grid_.spacing_mm[0];
    for (std::size_t p = 0; p < slabs_.size(); ++p) {
      const Range in_slab = InSlab(slabs_[p], Dot(start, stack_.normal), step_along_mm, box_[0]);
      if (in_slab.first >= in_slab.end) continue;
      const std::vector<double> crossings = CrossingsOf(stack_.planes[p], start_mm, step_mm, is_point);
      if (is_point) {
        if (crossings.size() % 2 == 1) Mark(in_slab, j, k);
        continue;
      }
      for (std::size_t c = 0; c + 1 < crossings.size(); c += 2)
        Mark(Within(crossings[c], crossings[c + 1], in_slab), j, k);
    }
  }

  void Mark(const Range& range, std::int64_t j, std::int64_t k) {
    for (std::int64_t i = range.first; i < range.end; ++i) mask_.At(i, j, k) = 1;
  }

  const ContourStack& stack_;
  const Geometry& grid_;
  LabelVolume mask_;
  std::vector<Slab> slabs_;
  Vector3 step_world_ = {0, 0, 0};
  std::array<Range, 3> box_{};
};

}  // namespace

std::optional<ContourStack> StackContours(std::span<const Polygon> polygons, double slab_thickness_mm) {
  ContourStack stack;
  if (!SetAxes(polygons, stack)) return std::nullopt;
  std::vector<std::pair<double, const Polygon*>> placed;
  for (const Polygon& polygon : polygons) {
    const auto along_mm = PositionOf(polygon, stack.normal);
    if (!along_mm) return std::nullopt;
    placed.emplace_back(*along_mm, &polygon);
  }
  std::stable_sort(placed.begin(), placed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [along_mm, polygon] : placed) {
    if (stack.planes.empty() || along_mm - stack.planes.back().along_normal_mm > kOnePlane_mm)
      stack.planes.push_back({along_mm, {}});
    auto& ring = stack.planes.back().rings_mm.emplace_back();
    for (const Vector3& point : *polygon) ring.push_back({Dot(point, stack.u), Dot(point, stack.v)});
  }
  stack.thickness_mm = slab_thickness_mm > 0 ? slab_thickness_mm : UsualDistanceMm(stack.planes);
  return stack;
}

LabelVolume FillContours(const ContourStack& stack, const Geometry& grid) { return Filler(stack, grid).Fill(); }

}  // namespace parotis::image
