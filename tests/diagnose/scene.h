// A patient made of boxes, for tests: an elliptic head of 160 × 200 mm, placed in the world on any grid, with tumours
// as blocks whose class probabilities are given.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "dataset/case.h"
#include "dataset/prediction.h"

namespace parotis::diagnose::test {

struct Block {
  image::Vector3 low_world;  // LPS mm, inclusive, of voxel centres
  image::Vector3 high_world;
  std::vector<float> probabilities;  // of all labels, background first
  float adc_um2_s = 1000;
};

struct Scene {
  dataset::Case examination;
  dataset::Prediction prediction;
};

// Axial, 64 × 64 × 12 voxels of 4 × 4 × 5 mm, the world's origin in the middle of the grid.
inline image::Geometry AxialGrid() {
  image::Geometry grid;
  grid.size = {64, 64, 12};
  grid.spacing_mm = {4, 4, 5};
  grid.origin_world = {-126, -126, -27.5};
  return grid;
}

// The same voxels in the same places with index axis `axis` counted from the other end.
inline image::Geometry Mirrored(image::Geometry grid, int axis) {
  for (int row = 0; row < 3; ++row) {
    grid.origin_world[row] +=
        grid.direction[row][axis] * grid.spacing_mm[axis] * static_cast<double>(grid.size[axis] - 1);
    grid.direction[row][axis] *= -1;
  }
  return grid;
}

// The same voxels in the same places with index axes a and b exchanged.
inline image::Geometry Exchanged(image::Geometry grid, int a, int b) {
  std::swap(grid.size[a], grid.size[b]);
  std::swap(grid.spacing_mm[a], grid.spacing_mm[b]);
  for (auto& row : grid.direction) std::swap(row[a], row[b]);
  return grid;
}

inline bool Within(const image::Vector3& point, const Block& block) {
  for (int a = 0; a < 3; ++a) {
    if (point[a] < block.low_world[a] - 1e-6 || point[a] > block.high_world[a] + 1e-6) return false;
  }
  return true;
}

// `body_x_world`: the middle of the head. Labels: background, alpha, beta, gamma.
inline Scene MakeScene(const image::Geometry& grid, const std::vector<Block>& blocks, double body_x_world = 0) {
  Scene scene;
  scene.examination.id = "patient_1";
  scene.examination.grid = grid;
  scene.examination.channel_names = {"T2", "ADC"};
  scene.examination.channels.assign(2, image::Volume(grid));
  scene.prediction.case_id = "patient_1";
  scene.prediction.label_names = {"background", "alpha", "beta", "gamma"};
  scene.prediction.labels = image::LabelVolume(grid);
  scene.prediction.probabilities.assign(4, image::Volume(grid));
  std::size_t v = 0;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i, ++v) {
        const auto point = WorldFromVoxel(grid, {double(i), double(j), double(k)});
        const double x = (point[0] - body_x_world) / 80;
        const double y = point[1] / 100;
        const bool inside = x * x + y * y <= 1;
        scene.examination.channels[0].voxels[v] = inside ? 300.0F : 5.0F;
        scene.examination.channels[1].voxels[v] = inside ? 900.0F : 0.0F;
        scene.prediction.probabilities[0].voxels[v] = 1;
        for (const Block& block : blocks) {
          if (!Within(point, block)) continue;
          for (int label = 0; label < 4; ++label)
            scene.prediction.probabilities[label].voxels[v] = block.probabilities[label];
          scene.examination.channels[1].voxels[v] = block.adc_um2_s;
        }
      }
    }
  }
  return scene;
}

// 6 × 4 × 3 voxels (24 × 16 × 15 mm, 5.76 ml) with its centre 52 mm towards `side` (+1: the patient's left).
inline Block TumourAt(int side, std::vector<float> probabilities) {
  const double x = 52.0 * side;
  return {{x - 10, 14, -7.5}, {x + 10, 26, 2.5}, std::move(probabilities)};
}

}  // namespace parotis::diagnose::test
