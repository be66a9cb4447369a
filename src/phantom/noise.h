// A smooth random field: zero mean, unit variance, the same everywhere, periodic far beyond a head. One field serves
// many uses at different scales and offsets. Immutable once built, so threads may share it.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "base/random.h"

namespace parotis::phantom {

class SmoothNoise {
 public:
  explicit SmoothNoise(base::Random& random);

  // Coordinates in cells: values about two cells apart are nearly independent. The period is kCells.
  float operator()(float x, float y, float z) const {
    const float fx = std::floor(x), fy = std::floor(y), fz = std::floor(z);
    const int i = Wrap(fx), j = Wrap(fy), k = Wrap(fz);
    const int i1 = (i + 1) & kMask, j1 = (j + 1) & kMask, k1 = (k + 1) & kMask;
    const float u = Fade(x - fx), v = Fade(y - fy), w = Fade(z - fz);
    const float near = Mix(Mix(At(i, j, k), At(i1, j, k), u), Mix(At(i, j1, k), At(i1, j1, k), u), v);
    const float far = Mix(Mix(At(i, j, k1), At(i1, j, k1), u), Mix(At(i, j1, k1), At(i1, j1, k1), u), v);
    return Mix(near, far, w);
  }

  static constexpr int kCells = 64;

 private:
  static constexpr int kMask = kCells - 1;
  // No kinks where cells meet (Perlin 1985).
  static float Fade(float t) { return t * t * (3 - 2 * t); }
  static int Wrap(float cell) { return static_cast<int>(cell) & kMask; }
  static float Mix(float a, float b, float t) { return a + (b - a) * t; }
  float At(int i, int j, int k) const { return values_[(k * kCells + j) * kCells + i]; }

  std::vector<float> values_;  // [kCells, kCells, kCells]
};

}  // namespace parotis::phantom
