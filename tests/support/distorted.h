// Echo-planar distortion with a known field: signal of the point p is found at p + d(p) along the phase-encode axis,
// and is thinner by 1 + ∂d/∂s (Jezzard and Balaban, MRM 1995).
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "image/volume.h"

namespace parotis::test {

// In mm, as a function of the point relative to the grid's centre, along the grid's own axes.
struct ShiftField {
  struct Bump {
    image::Vector3 centre_mm;
    double height_mm = 0, width_mm = 20;
  };
  std::vector<Bump> bumps;
  std::array<double, 6> smooth_mm = {};  // 1, u, v, w, u², v² at 100 mm

  double At(const image::Vector3& p) const {
    const double u = p[0] / 100, v = p[1] / 100, w = p[2] / 100;
    double shift_mm = smooth_mm[0] + smooth_mm[1] * u + smooth_mm[2] * v + smooth_mm[3] * w + smooth_mm[4] * u * u +
                      smooth_mm[5] * v * v;
    for (const Bump& bump : bumps) {
      double square = 0;
      for (int a = 0; a < 3; ++a) square += std::pow((p[a] - bump.centre_mm[a]) / bump.width_mm, 2);
      shift_mm += bump.height_mm * std::exp(-square / 2);
    }
    return shift_mm;
  }
};

// Off-resonance as at the mastoids (two bumps at the sides) and at dental metal (one in front), over a smooth shim
// error.
inline ShiftField RandomField(base::Random& random, double amplitude_mm) {
  ShiftField field;
  const auto bump = [&](double x, double y) {
    const double width_mm = random.Uniform(18, 32);
    field.bumps.push_back({{x + random.Normal(0, 8), y + random.Normal(0, 8), random.Uniform(-25, 35)},
                           (random.Chance(0.7) ? 1 : -1) * amplitude_mm * random.Uniform(0.5, 1),
                           width_mm});
  };
  bump(-50, 15);
  bump(50, 15);
  if (random.Chance(0.5)) bump(random.Uniform(-20, 20), -55);
  for (double& each : field.smooth_mm) each = random.Normal(0, 0.2 * amplitude_mm);
  return field;
}

inline image::Vector3 FromCentre(const image::Geometry& grid, const image::Vector3& index_voxel) {
  image::Vector3 p{};
  for (int a = 0; a < 3; ++a)
    p[a] = (index_voxel[a] - 0.5 * static_cast<double>(grid.size[a] - 1)) * grid.spacing_mm[a];
  return p;
}

inline double SlopeOf(const ShiftField& field, image::Vector3 p, int axis) {
  p[axis] += 0.05;
  const double above_mm = field.At(p);
  p[axis] -= 0.1;
  return (above_mm - field.At(p)) / 0.1;
}

// Catmull–Rom along one axis.
inline double Along(const image::Volume& volume, std::array<std::int64_t, 3> index, int axis, double at) {
  const double base = std::floor(at), t = at - base;
  const std::array<double, 4> weights = {((-t + 2) * t - 1) * t / 2, ((3 * t - 5) * t * t + 2) / 2,
                                         ((-3 * t + 4) * t + 1) * t / 2, (t - 1) * t * t / 2};
  double sum = 0;
  for (int n = 0; n < 4; ++n) {
    index[axis] = std::clamp<std::int64_t>(static_cast<std::int64_t>(base) - 1 + n, 0, volume.geometry.size[axis] - 1);
    sum += weights[n] * volume.At(index[0], index[1], index[2]);
  }
  return std::max(0.0, sum);
}

inline image::Volume Distorted(const image::Volume& volume, const ShiftField& field, int axis) {
  const image::Geometry& grid = volume.geometry;
  image::Volume distorted(grid);
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        image::Vector3 from = {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)};
        const double seen = from[axis];
        for (int step = 0; step < 60; ++step)
          from[axis] = 0.5 * (from[axis] + seen - field.At(FromCentre(grid, from)) / grid.spacing_mm[axis]);
        const double thinner = std::max(0.2, 1 + SlopeOf(field, FromCentre(grid, from), axis));
        distorted.At(i, j, k) = static_cast<float>(Along(volume, {i, j, k}, axis, from[axis]) / thinner);
      }
    }
  }
  return distorted;
}

}  // namespace parotis::test
