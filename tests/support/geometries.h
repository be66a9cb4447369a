// Grids for tests: every axis orientation, and random obliques of either handedness.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "base/random.h"
#include "image/geometry.h"

namespace parotis::test {

// The 48 ways to lay index axes along L, P and S: six permutations, eight choices of direction.
inline std::vector<image::Matrix3> AxisOrientations() {
  std::vector<image::Matrix3> directions;
  std::array<int, 3> axis = {0, 1, 2};
  do {
    for (int signs = 0; signs < 8; ++signs) {
      image::Matrix3 direction{};
      for (int a = 0; a < 3; ++a) direction[axis[a]][a] = (signs >> a & 1) != 0 ? -1 : 1;
      directions.push_back(direction);
    }
  } while (std::next_permutation(axis.begin(), axis.end()));
  return directions;
}

// Any rotation, and for every second seed its mirror image.
inline image::Matrix3 RandomDirection(base::Random& random) {
  image::Matrix3 matrix{};
  do {
    for (auto& row : matrix) {
      for (double& value : row) value = random.Normal();
    }
  } while (std::abs(image::Determinant(matrix)) < 0.1);
  return image::NearestOrthonormal(matrix);
}

inline image::Geometry RandomGeometry(base::Random& random, std::int64_t largest_size) {
  image::Geometry geometry;
  for (int axis = 0; axis < 3; ++axis) {
    geometry.size[axis] = 1 + random.Integer(largest_size);
    geometry.spacing_mm[axis] = random.Uniform(0.3, 5);
    geometry.origin_world[axis] = random.Uniform(-150, 150);
  }
  geometry.direction = RandomDirection(random);
  return geometry;
}

// A grid as DICOM can say it.
inline image::Geometry RightHandedGeometry(base::Random& random, std::int64_t largest_size) {
  image::Geometry geometry = RandomGeometry(random, largest_size);
  if (image::Determinant(geometry.direction) < 0) {
    for (auto& row : geometry.direction) row[2] = -row[2];
  }
  return geometry;
}

}  // namespace parotis::test
