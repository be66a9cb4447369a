#include "image/warp.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "base/error.h"
#include "image/resample.h"

namespace parotis::image {
namespace {

// A grid turned by 30° about the slice normal.
Geometry ObliqueGrid() {
  const double c = std::cos(0.5), s = std::sin(0.5);
  Geometry grid;
  grid.size = {20, 24, 6};
  grid.spacing_mm = {1.5, 1.5, 4};
  grid.origin_world = {-10, 5, 30};
  grid.direction = {{{c, -s, 0}, {s, c, 0}, {0, 0, 1}}};
  return grid;
}

// A ramp, which linear interpolation reproduces exactly.
double Ramp(const Vector3& at) { return 100 + 2 * at[0] - 3 * at[1] + 1.5 * at[2]; }

Volume RampOn(const Geometry& grid) {
  Volume volume(grid);
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        volume.At(i, j, k) = static_cast<float>(
            Ramp(WorldFromVoxel(grid, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)})));
      }
    }
  }
  return volume;
}

LineDisplacement Constant(double shift_mm) {
  LineDisplacement displacement;
  displacement.grid = ObliqueGrid();
  displacement.grid.size = {4, 4, 4};
  displacement.grid.spacing_mm = {12, 12, 12};
  displacement.coefficients_mm.assign(64, shift_mm);
  return displacement;
}

TEST(AffineMap, TheInverseBringsPointsBack) {
  const AffineMap map = {{{{1.1, 0.2, 0}, {-0.1, 0.9, 0.3}, {0.05, 0, 1}}}, {3, -4, 5}};
  const Vector3 back = Mapped(Inverse(map), Mapped(map, {7, 8, 9}));
  EXPECT_NEAR(back[0], 7, 1e-12);
  EXPECT_NEAR(back[1], 8, 1e-12);
  EXPECT_NEAR(back[2], 9, 1e-12);
  EXPECT_THROW(Inverse({{{{1, 0, 0}, {2, 0, 0}, {0, 0, 1}}}, {}}), base::Error);
}

RC_GTEST_PROP(SplineWeights, AddUpToOneAndTheirSlopesToNothing, ()) {
  const double x = *rc::gen::inRange(-4000, 4000) / 997.0;
  const SplineWeights spline = SplineWeightsAt(x);
  double sum = 0, slopes = 0, mean = 0;
  for (int n = 0; n < 4; ++n) {
    sum += spline.weights[n];
    slopes += spline.slopes[n];
    mean += spline.weights[n] * static_cast<double>(spline.first + n);
  }
  RC_ASSERT(std::abs(sum - 1) < 1e-12);
  RC_ASSERT(std::abs(slopes) < 1e-12);
  RC_ASSERT(std::abs(mean - x) < 1e-9);  // a spline through a straight line is that line
}

TEST(Warp, AnAffineMapIsEnteredIntoTheOneInterpolation) {
  const Geometry grid = ObliqueGrid();
  Warp warp;
  warp.source_from_target.shift_mm = {0.7, -0.4, 1};
  const Volume moved = Resample(RampOn(grid), grid, warp, Interpolation::kLinear);
  const Vector3 at = WorldFromVoxel(grid, {10, 12, 3});
  EXPECT_NEAR(moved.At(10, 12, 3), Ramp({at[0] + 0.7, at[1] - 0.4, at[2] + 1}), 1e-3);
}

TEST(Warp, AConstantDisplacementIsAShiftAlongItsDirectionAndKeepsEveryValue) {
  const Geometry grid = ObliqueGrid();
  Warp warp;
  warp.displacement = Constant(2);
  const Volume moved = Resample(RampOn(grid), grid, warp, Interpolation::kLinear);
  Vector3 at = WorldFromVoxel(grid, {10, 12, 3});
  const Vector3 direction = warp.displacement->direction_world();
  for (int r = 0; r < 3; ++r) at[r] += 2 * direction[r];
  EXPECT_NEAR(moved.At(10, 12, 3), Ramp(at), 1e-3);
}

TEST(Warp, AStretchMultipliesSignalsAndLeavesQuotientsAlone) {
  const Geometry grid = ObliqueGrid();
  Warp warp;
  warp.displacement = Constant(0);
  // Control points on a straight line along the displacement: u = 0.1 · s, so that the stretch is 0.1 everywhere.
  LineDisplacement& displacement = *warp.displacement;
  for (std::int64_t v = 0; v < 64; ++v)
    displacement.coefficients_mm[static_cast<std::size_t>(v)] = 0.1 * 12 * static_cast<double>(v / 4 % 4);
  const Volume flat(grid, 50);
  EXPECT_NEAR(displacement.At(WorldFromVoxel(displacement.grid, {1.5, 1.5, 1.5})).stretch, 0.1, 1e-12);
  EXPECT_NEAR(Resample(flat, grid, warp, Interpolation::kLinear).At(8, 10, 3), 55, 1e-3);
  warp.keeps_signal = false;
  EXPECT_NEAR(Resample(flat, grid, warp, Interpolation::kLinear).At(8, 10, 3), 50, 1e-3);
}

TEST(Warp, TheIdentityLeavesEveryBit) {
  const Geometry grid = ObliqueGrid();
  const Volume source = RampOn(grid);
  EXPECT_EQ(Resample(source, grid, Warp{}, Interpolation::kLinear).voxels, source.voxels);
}

}  // namespace
}  // namespace parotis::image
