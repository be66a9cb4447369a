// The search for the displacement: ProposeDisplacement of align/distortion.h.
#include <algorithm>
#include <cmath>
#include <functional>

#include "align/distortion.h"
#include "align/minimise.h"
#include "align/mutual_information.h"
#include "align/samples.h"

namespace parotis::align {
namespace {

using image::AffineMap;
using image::Geometry;
using image::LineDisplacement;
using image::SplineWeights;
using image::Vector3;
using image::Volume;
using Coefficients = std::vector<double>;

constexpr double kHeadMargin_mm = 8;
// Nats per mm² of the mean squared second difference of the control points: fields are smooth.
constexpr double kBending = 0.06;

struct Level {
  double image_mm;
  double control_mm, control_across_mm;  // distance of control points in the slice, and across slices
  std::size_t samples;
};
constexpr std::array<Level, 3> kLevels = {{{5, 40, 24, 20000}, {3, 24, 16, 40000}, {2, 16, 12, 60000}}};

// Control points around all of `moving`, one cell beyond it on every side.
Geometry ControlGrid(const Geometry& moving, const Level& level) {
  Geometry grid = moving;
  const int across = image::SliceAxis(moving.spacing_mm);
  for (int a = 0; a < 3; ++a) {
    const double wanted_mm = a == across ? level.control_across_mm : level.control_mm;
    const double extent_mm = moving.spacing_mm[a] * static_cast<double>(moving.size[a]);
    const auto cells = std::max<std::int64_t>(1, std::llround(extent_mm / wanted_mm));
    grid.size[a] = cells + 3;
    grid.spacing_mm[a] = extent_mm / static_cast<double>(cells);
    const double back_mm = grid.spacing_mm[a] + 0.5 * moving.spacing_mm[a];
    for (int r = 0; r < 3; ++r) grid.origin_world[r] -= back_mm * moving.direction[r][a];
  }
  return grid;
}

LineDisplacement OnFinerGrid(const LineDisplacement& coarse, const Geometry& grid) {
  LineDisplacement fine{grid, coarse.axis, Coefficients(static_cast<std::size_t>(grid.voxel_count()))};
  std::size_t v = 0;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        const Vector3 index = {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)};
        fine.coefficients_mm[v++] = coarse.At(image::WorldFromVoxel(grid, index)).shift_mm;
      }
    }
  }
  return fine;
}

// A sample and the control points that move it.
struct Site {
  Vector3 point_world;  // in the moving image's world, before the displacement
  std::array<SplineWeights, 3> splines;
};

// Minus the mutual information at one resolution, plus the price of bending, as a function of the coefficients.
class Dissimilarity {
 public:
  Dissimilarity(const Volume& moving, const Samples& samples, const AffineMap& map, const LineDisplacement& shape)
      : sampler_(moving),
        grid_(shape.grid),
        axis_(shape.axis),
        direction_(shape.direction_world()),
        information_(samples.values, RangeOf(samples.values), RangeOf(moving.voxels)) {
    for (const Vector3& point : samples.points_world) sites_.push_back(SiteAt(Mapped(map, point)));
    values_.resize(sites_.size());
    derivatives_.resize(sites_.size());
    inside_.resize(sites_.size());
    seen_.resize(sites_.size());
  }

  double operator()(const Coefficients& c, Coefficients& gradient) {
    for (std::size_t n = 0; n < sites_.size(); ++n) Look(n, c);
    const double information = information_.Evaluate(values_, inside_, derivatives_);
    std::fill(gradient.begin(), gradient.end(), 0.0);
    for (std::size_t n = 0; n < sites_.size(); ++n) {
      if (derivatives_[n] != 0) Pull(n, gradient);
    }
    return -information + Bending(c, gradient);
  }

 private:
  struct Seen {
    double value = 0, slope = 0, stretch = 0;  // of the image; its slope along the displacement; of the field
  };

  Site SiteAt(const Vector3& point_world) const {
    Site site{point_world, {}};
    const Vector3 at = image::VoxelFromWorld(grid_, point_world);
    for (int a = 0; a < 3; ++a) {
      site.splines[a] = image::SplineWeightsAt(std::clamp(at[a], -4.0, static_cast<double>(grid_.size[a]) + 3.0));
    }
    return site;
  }

  // Calls visit(control point, weight, slope along the displacement per mm) for the 64 around a site.
  template <class Visit>
  void ForControls(const Site& site, const Visit& visit) const {
    const auto clamped = [&](int a, int n) {
      return std::clamp<std::int64_t>(site.splines[a].first + n, 0, grid_.size[a] - 1);
    };
    const auto factor = [&](int a, int n, bool slope) {
      return slope && a == axis_ ? site.splines[a].slopes[n] / grid_.spacing_mm[a] : site.splines[a].weights[n];
    };
    for (int c = 0; c < 4; ++c) {
      for (int b = 0; b < 4; ++b) {
        const std::int64_t row = (clamped(2, c) * grid_.size[1] + clamped(1, b)) * grid_.size[0];
        const double weight = factor(2, c, false) * factor(1, b, false);
        const double slope = factor(2, c, true) * factor(1, b, true);
        for (int a = 0; a < 4; ++a) {
          visit(static_cast<std::size_t>(row + clamped(0, a)), weight * factor(0, a, false),
                slope * factor(0, a, true));
        }
      }
    }
  }

  void Look(std::size_t n, const Coefficients& c) {
    const Site& site = sites_[n];
    double shift_mm = 0, stretch = 0;
    ForControls(site, [&](std::size_t at, double weight, double slope) {
      shift_mm += weight * c[at];
      stretch += slope * c[at];
    });
    Vector3 point = site.point_world;
    for (int r = 0; r < 3; ++r) point[r] += shift_mm * direction_[r];
    Sampler::Value value;
    inside_[n] = sampler_.At(point, value) ? 1 : 0;
    seen_[n] = {value.value, image::Dot(value.gradient_per_mm, direction_), stretch};
    values_[n] = static_cast<float>(value.value * (1 + stretch));
  }

  void Pull(std::size_t n, Coefficients& gradient) const {
    const Seen& seen = seen_[n];
    const double by_shift = derivatives_[n] * seen.slope * (1 + seen.stretch);
    const double by_stretch = derivatives_[n] * seen.value;
    ForControls(sites_[n], [&](std::size_t at, double weight, double slope) {
      gradient[at] -= by_shift * weight + by_stretch * slope;
    });
  }

  // Second differences along every axis of the grid, in mm per (16 mm)².
  double Bending(const Coefficients& c, Coefficients& gradient) const {
    const std::array<std::int64_t, 3> strides = {1, grid_.size[0], grid_.size[0] * grid_.size[1]};
    double sum = 0;
    const double share = kBending / static_cast<double>(c.size());
    for (int a = 0; a < 3; ++a) {
      const double scale = std::pow(16 / grid_.spacing_mm[a], 2);
      for (std::size_t v = 0; v < c.size(); ++v) {
        const auto at = static_cast<std::int64_t>(v) / strides[a] % grid_.size[a];
        if (at == 0 || at + 1 == grid_.size[a]) continue;
        const std::size_t low = v - static_cast<std::size_t>(strides[a]),
                          high = v + static_cast<std::size_t>(strides[a]);
        const double second = scale * (c[low] - 2 * c[v] + c[high]);
        sum += share * second * second;
        gradient[low] += 2 * share * scale * second;
        gradient[v] -= 4 * share * scale * second;
        gradient[high] += 2 * share * scale * second;
      }
    }
    return sum;
  }

  Sampler sampler_;
  Geometry grid_;
  int axis_;
  Vector3 direction_;
  MutualInformation information_;
  std::vector<Site> sites_;
  std::vector<float> values_, derivatives_;
  std::vector<std::uint8_t> inside_;
  std::vector<Seen> seen_;
};

}  // namespace

LineDisplacement ProposeDisplacement(const Volume& reference, const Volume& moving,
                                     const AffineMap& source_from_reference, int phase_axis, std::uint64_t seed) {
  LineDisplacement displacement;
  for (std::size_t l = 0; l < kLevels.size(); ++l) {
    const Level& level = kLevels[l];
    const Geometry grid = ControlGrid(moving.geometry, level);
    if (l == 0) {
      displacement = {grid, phase_axis, Coefficients(static_cast<std::size_t>(grid.voxel_count()), 0.0)};
    } else {
      displacement = OnFinerGrid(displacement, grid);
    }
    const Volume coarse = AtResolution(reference, level.image_mm);
    const Volume coarse_moving = AtResolution(moving, level.image_mm);
    const Samples samples = DrawSamples(coarse, HeadOf(coarse, kHeadMargin_mm), level.samples, seed + l);
    if (samples.values.empty()) return displacement;
    Dissimilarity dissimilarity(coarse_moving, samples, source_from_reference, displacement);
    MinimiseOptions options;
    options.iterations = 50;
    options.longest_step = 2;
    options.shortest_step = 0.02;
    options.smallest_gain = 2e-5;
    displacement.coefficients_mm =
        Minimise(std::ref(dissimilarity), std::move(displacement.coefficients_mm), options).x;
  }
  return displacement;
}

}  // namespace parotis::align
