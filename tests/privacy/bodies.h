// Simple bodies in air, with noise: what is no head must not be taken for one.
#pragma once

#include <cmath>
#include <functional>

#include "base/random.h"
#include "image/volume.h"

namespace parotis::test {

struct BodyImage {
  std::array<std::int64_t, 3> size = {128, 128, 24};
  image::Vector3 spacing_mm = {2, 2, 4};
  double tissue = 200, noise = 8;
};

// `inside` of a point in LPS mm around the image's centre.
inline image::Volume Imaged(const BodyImage& how, const std::function<bool(double, double, double)>& inside) {
  image::Geometry grid;
  grid.size = how.size;
  grid.spacing_mm = how.spacing_mm;
  for (int a = 0; a < 3; ++a) grid.origin_world[a] = -0.5 * how.spacing_mm[a] * static_cast<double>(how.size[a] - 1);
  image::Volume volume(grid);
  base::Random random(3);
  std::size_t v = 0;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i, ++v) {
        const auto p =
            image::WorldFromVoxel(grid, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        const double signal = inside(p[0], p[1], p[2]) ? how.tissue : 0;
        volume.voxels[v] =
            static_cast<float>(std::hypot(signal + random.Normal(0, how.noise), random.Normal(0, how.noise)));
      }
    }
  }
  return volume;
}

inline std::function<bool(double, double, double)> Cylinder(double half_width_mm, double half_depth_mm) {
  return [=](double x, double y, double) {
    return x * x / (half_width_mm * half_width_mm) + y * y / (half_depth_mm * half_depth_mm) < 1;
  };
}

}  // namespace parotis::test
