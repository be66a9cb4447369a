// Small cases for the tests of prepare: an elliptic body with a lesion, on a grid of any orientation.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "dataset/case.h"
#include "image/volume.h"
#include "plan/plan.h"

namespace parotis::test {

inline constexpr double kBodyHalfWidth_mm = 40;  // left–right
inline constexpr double kBodyHalfDepth_mm = 30;  // front–back
inline constexpr image::Vector3 kLesionCentre_world = {22, 6, 4};
inline constexpr double kLesionRadius_mm = 12;

inline bool InBody(const image::Vector3& p) {
  return std::pow(p[0] / kBodyHalfWidth_mm, 2) + std::pow(p[1] / kBodyHalfDepth_mm, 2) <= 1;
}
inline bool InLesion(const image::Vector3& p) {
  double squares = 0;
  for (int axis = 0; axis < 3; ++axis) squares += std::pow(p[axis] - kLesionCentre_world[axis], 2);
  return squares <= kLesionRadius_mm * kLesionRadius_mm;
}

// A grid of these axes, centred on the world's origin, sizes given along the patient's L, P and S.
inline image::Geometry CentredGrid(const image::Matrix3& direction, const image::Vector3& extent_lps_mm,
                                   const image::Vector3& spacing_lps_mm) {
  image::Geometry grid;
  grid.direction = direction;
  const image::CanonicalAxes axes = image::CanonicalAxesOf(grid);
  for (int w = 0; w < 3; ++w) {
    grid.spacing_mm[axes.axis[w]] = spacing_lps_mm[w];
    grid.size[axes.axis[w]] = std::llround(extent_lps_mm[w] / spacing_lps_mm[w]);
  }
  const image::Vector3 middle =
      image::WorldFromVoxel(grid, {(grid.size[0] - 1) / 2.0, (grid.size[1] - 1) / 2.0, (grid.size[2] - 1) / 2.0});
  grid.origin_world = {-middle[0], -middle[1], -middle[2]};
  return grid;
}

template <class T, class Function>
image::Image<T> Drawn(const image::Geometry& grid, Function value_at) {
  image::Image<T> result(grid);
  std::size_t at = 0;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        result.voxels[at++] = static_cast<T>(value_at(
            image::WorldFromVoxel(grid, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)})));
      }
    }
  }
  return result;
}

// One channel "T2": 0 in air, 100 in the body, 200 in the lesion, which is label 1.
inline dataset::Case ExampleCase(const image::Geometry& grid) {
  dataset::Case examination;
  examination.id = "case";
  examination.grid = grid;
  examination.channel_names = {"T2"};
  examination.channels = {Drawn<float>(grid, [](const auto& p) { return InLesion(p) ? 200 : InBody(p) ? 100 : 0; })};
  examination.truth = Drawn<std::uint8_t>(grid, [](const auto& p) { return InLesion(p); });
  return examination;
}

inline plan::Plan ExamplePlan(std::vector<plan::ChannelPlan> channels = {{.name = "T2"}}) {
  plan::Plan plan;
  plan.labels = {"background", "tumour"};
  plan.channels = std::move(channels);
  plan.preparation.spacing_mm = {1.5, 1.5, 4};
  return plan;
}

}  // namespace parotis::test
