#include "image/resample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "tests/support/geometries.h"

namespace parotis::image {
namespace {

Volume Noise(const Geometry& grid, base::Random& random) {
  Volume volume(grid);
  for (float& value : volume.voxels) value = static_cast<float>(random.Normal(100, 30));
  return volume;
}

// 2x − 3y + z + 7 in world millimetres: no resampling may change it.
double Ramp(const Vector3& world) { return 2 * world[0] - 3 * world[1] + world[2] + 7; }

template <class Function>
Volume Sampled(const Geometry& grid, Function function) {
  Volume volume(grid);
  std::size_t at = 0;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        volume.voxels[at++] = static_cast<float>(function(WorldFromVoxel(grid, {double(i), double(j), double(k)})));
      }
    }
  }
  return volume;
}

// A grid whose voxel centres all lie within `source`'s, `margin` voxels from its border, sampled at about its spacing.
Geometry GridInside(const Geometry& source, const Matrix3& direction, base::Random& random, double margin) {
  Geometry target;
  target.direction = direction;
  const Vector3 middle = {(source.size[0] - 1) / 2.0, (source.size[1] - 1) / 2.0, (source.size[2] - 1) / 2.0};
  double radius = 1e9;
  for (int axis = 0; axis < 3; ++axis) radius = std::min(radius, (middle[axis] - margin) * source.spacing_mm[axis]);
  const double finest = *std::min_element(source.spacing_mm.begin(), source.spacing_mm.end());
  Vector3 half{};
  for (int axis = 0; axis < 3; ++axis) {
    target.spacing_mm[axis] = finest * random.Uniform(0.5, 0.8);
    target.size[axis] =
        std::clamp<std::int64_t>(std::int64_t(2 * radius / std::sqrt(3) / target.spacing_mm[axis]), 1, 20);
    half[axis] = (target.size[axis] - 1) / 2.0;
  }
  const Vector3 corner = WorldFromVoxel(target, half);
  const Vector3 centre = WorldFromVoxel(source, middle);
  target.origin_world = {centre[0] - corner[0], centre[1] - corner[1], centre[2] - corner[2]};
  return target;
}

TEST(Resample, TheSameGridReturnsTheSameBits) {
  base::Random random(1);
  for (const auto interpolation : {Interpolation::kNearest, Interpolation::kLinear, Interpolation::kCubic}) {
    const Volume volume = Noise(test::RandomGeometry(random, 20), random);
    EXPECT_EQ(Resample(volume, volume.geometry, interpolation).voxels, volume.voxels);
  }
}

TEST(Resample, AGridThatDiffersByTheRoundingOfAFileHeaderIsTheSameGrid) {
  base::Random random(6);
  for (int repeat = 0; repeat < 20; ++repeat) {
    Volume volume = Noise(test::RandomGeometry(random, 30), random);
    Geometry rounded = volume.geometry;
    for (int a = 0; a < 3; ++a) {
      rounded.origin_world[a] = static_cast<float>(rounded.origin_world[a]);
      rounded.spacing_mm[a] = static_cast<float>(rounded.spacing_mm[a]);
      for (double& cosine : rounded.direction[a]) cosine = static_cast<float>(cosine);
    }
    ASSERT_EQ(Resample(volume, rounded, Interpolation::kCubic).voxels, volume.voxels);
  }
}

TEST(Resample, FlippingPermutingAndCroppingMoveVoxelsWithoutChangingThem) {
  base::Random random(2);
  Geometry grid = test::RandomGeometry(random, 1);
  grid.size = {5, 4, 3};
  const Volume volume = Noise(grid, random);
  Geometry other = grid;  // axes (k, −i, j), without the first column of i
  other.size = {3, 4, 4};
  other.spacing_mm = {grid.spacing_mm[2], grid.spacing_mm[0], grid.spacing_mm[1]};
  for (int row = 0; row < 3; ++row)
    other.direction[row] = {grid.direction[row][2], -grid.direction[row][0], grid.direction[row][1]};
  other.origin_world = WorldFromVoxel(grid, {4, 0, 0});
  const Volume moved = Resample(volume, other, Interpolation::kCubic);
  for (std::int64_t a = 0; a < 3; ++a) {
    for (std::int64_t b = 0; b < 4; ++b) {
      for (std::int64_t c = 0; c < 4; ++c) EXPECT_EQ(moved.At(a, b, c), volume.At(4 - b, c, a));
    }
  }
}

RC_GTEST_PROP(Resample, ALinearRampStaysExactOnAnyObliqueGrid, (const std::uint64_t seed, const bool cubic)) {
  base::Random random(seed);
  Geometry grid = test::RandomGeometry(random, 1);
  for (auto& n : grid.size) n = 6 + random.Integer(10);
  const Volume ramp = Sampled(grid, Ramp);
  const Geometry target = GridInside(grid, test::RandomDirection(random), random, 0);
  const Volume result = Resample(ramp, target, cubic ? Interpolation::kCubic : Interpolation::kLinear, -1e6F);
  const Volume expected = Sampled(target, Ramp);
  for (std::size_t v = 0; v < expected.voxels.size(); ++v)
    RC_ASSERT(std::abs(result.voxels[v] - expected.voxels[v]) < 1e-2F);
}

RC_GTEST_PROP(Resample, ALinearRampStaysExactAlongTheSourcesOwnAxes, (const std::uint64_t seed, const bool cubic)) {
  base::Random random(seed);
  Geometry grid = test::RandomGeometry(random, 1);
  for (auto& n : grid.size) n = 2 + random.Integer(12);
  const Geometry target = GridInside(grid, CanonicalGrid(grid).direction, random, 0);
  const Volume result =
      Resample(Sampled(grid, Ramp), target, cubic ? Interpolation::kCubic : Interpolation::kLinear, -1e6F);
  const Volume expected = Sampled(target, Ramp);
  for (std::size_t v = 0; v < expected.voxels.size(); ++v)
    RC_ASSERT(std::abs(result.voxels[v] - expected.voxels[v]) < 1e-2F);
}

TEST(Resample, CubicReproducesAParabolaAwayFromTheEdges) {
  base::Random random(3);
  Geometry grid;
  grid.size = {12, 12, 12};
  const auto parabola = [](const Vector3& p) { return p[0] * p[0] - 2 * p[1] * p[1] + p[2] * p[0] + p[2] * p[2]; };
  const Geometry target = GridInside(grid, test::RandomDirection(random), random, 1.01);
  const Volume result = Resample(Sampled(grid, parabola), target, Interpolation::kCubic);
  EXPECT_THAT(result.voxels, testing::Pointwise(testing::FloatNear(1e-3F), Sampled(target, parabola).voxels));
}

TEST(Resample, TheAxisByAxisWayAgreesWithThePointByPointWay) {
  base::Random random(4);
  Geometry grid;
  grid.size = {14, 11, 9};
  const Volume volume = Noise(grid, random);
  Geometry aligned = grid;
  aligned.spacing_mm = {0.7, 1.3, 0.9};
  aligned.origin_world = {0.33, -0.4, 1.2};
  Geometry tilted = aligned;  // by 0.0002 rad: no longer aligned, and nearly the same place
  tilted.direction = {{{std::cos(2e-4), -std::sin(2e-4), 0}, {std::sin(2e-4), std::cos(2e-4), 0}, {0, 0, 1}}};
  const Volume a = Resample(volume, aligned, Interpolation::kCubic);
  const Volume b = Resample(volume, tilted, Interpolation::kCubic);
  EXPECT_THAT(a.voxels, testing::Pointwise(testing::FloatNear(0.5F), b.voxels));
}

TEST(Resample, HalfAVoxelOutsideContinuesTheEdgeAndMoreIsOutside) {
  Geometry grid;
  grid.size = {3, 1, 1};
  Volume volume(grid);
  volume.voxels = {10, 20, 30};
  Geometry target = grid;
  target.size = {3, 1, 1};
  target.spacing_mm[0] = 0.25;
  for (const auto interpolation : {Interpolation::kNearest, Interpolation::kLinear, Interpolation::kCubic}) {
    target.origin_world[0] = -0.6;
    EXPECT_EQ(Resample(volume, target, interpolation, -7).voxels, (std::vector<float>{-7, 10, 10}));
    target.origin_world[0] = 2.1;
    EXPECT_EQ(Resample(volume, target, interpolation, -7).voxels, (std::vector<float>{30, 30, -7}));
  }
}

TEST(Resample, CoarserGridsAreSmoothedSoThatNothingAliases) {
  Geometry grid;
  grid.size = {64, 4, 1};
  Volume stripes(grid);
  for (std::size_t v = 0; v < stripes.voxels.size(); ++v) stripes.voxels[v] = v % 2 == 0 ? 0 : 100;
  Geometry coarse = grid;
  coarse.size[0] = 14;
  coarse.spacing_mm[0] = 4;
  coarse.origin_world[0] = 6;
  const Volume smooth = Resample(stripes, coarse, Interpolation::kLinear);
  for (const float value : smooth.voxels) EXPECT_NEAR(value, 50, 1);
  for (const float value : Resample(stripes, coarse, Interpolation::kNearest).voxels) EXPECT_EQ(value, 0);
}

TEST(Resample, AThickSliceAveragesTheThinOnesItCovers) {
  Geometry grid;
  grid.size = {1, 1, 40};
  Volume step(grid);
  for (std::int64_t k = 0; k < 40; ++k) step.At(0, 0, k) = k % 4 == 0 ? 100 : 0;
  Geometry slice = grid;
  slice.size[2] = 1;
  slice.spacing_mm[2] = 8;
  slice.origin_world[2] = 20;
  EXPECT_NEAR(Resample(step, slice, Interpolation::kLinear).voxels[0], 25, 1);
}

TEST(Resample, TheNumberOfThreadsDoesNotMatter) {
  base::Random random(5);
  Geometry grid;
  grid.size = {20, 20, 20};
  const Volume volume = Noise(grid, random);
  const Geometry target = GridInside(grid, test::RandomDirection(random), random, 0);
  EXPECT_EQ(Resample(volume, target, Interpolation::kCubic, 0, 1).voxels,
            Resample(volume, target, Interpolation::kCubic, 0, 7).voxels);
}

RC_GTEST_PROP(ResampleLabels, EveryVoxelTakesTheLabelOfTheNearestCentre, (const std::uint64_t seed)) {
  base::Random random(seed);
  LabelVolume labels(test::RandomGeometry(random, 8));
  for (auto& label : labels.voxels) label = static_cast<std::uint8_t>(1 + random.Integer(200));
  Geometry target = test::RandomGeometry(random, 8);
  target.origin_world = WorldFromVoxel(labels.geometry, {0.37, 0.41, 0.29});
  const LabelVolume result = ResampleLabels(labels, target);
  for (std::int64_t k = 0; k < target.size[2]; ++k) {
    const std::int64_t i = random.Integer(target.size[0]);
    const std::int64_t j = random.Integer(target.size[1]);
    const Vector3 index = VoxelFromWorld(labels.geometry, WorldFromVoxel(target, {double(i), double(j), double(k)}));
    std::array<std::int64_t, 3> nearest{};
    bool inside = true;
    for (int a = 0; a < 3; ++a) {
      nearest[a] = std::lround(index[a]);
      inside = inside && nearest[a] >= 0 && nearest[a] < labels.geometry.size[a];
    }
    RC_ASSERT(result.At(i, j, k) == (inside ? labels.At(nearest[0], nearest[1], nearest[2]) : 0));
  }
}

}  // namespace
}  // namespace parotis::image
