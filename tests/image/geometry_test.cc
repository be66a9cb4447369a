#include "image/geometry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include "base/error.h"
#include "tests/support/geometries.h"

namespace parotis::image {
namespace {

using testing::ElementsAre;
using Affine = std::array<std::array<double, 4>, 3>;

Geometry Example() {
  Geometry geometry;
  geometry.size = {4, 5, 6};
  geometry.spacing_mm = {0.5, 1, 4};
  geometry.origin_world = {10, 20, 30};
  return geometry;
}

double Distance(const Vector3& p, const Vector3& q) { return Norm({p[0] - q[0], p[1] - q[1], p[2] - q[2]}); }

TEST(Geometry, PutsAVoxelWhereSpacingAndDirectionSay) {
  Geometry geometry = Example();
  EXPECT_THAT(WorldFromVoxel(geometry, {2, 3, 1}), ElementsAre(11, 23, 34));
  geometry.direction = {{{0, -1, 0}, {1, 0, 0}, {0, 0, 1}}};  // i runs to the back, j to the right
  EXPECT_THAT(WorldFromVoxel(geometry, {2, 3, 1}), ElementsAre(10 - 3, 20 + 1, 34));
}

RC_GTEST_PROP(Geometry, WorldAndVoxelAreInverses, (const std::uint64_t seed)) {
  base::Random random(seed);
  const Geometry geometry = test::RandomGeometry(random, 100);
  const Vector3 index = {random.Uniform(-10, 100), random.Uniform(-10, 100), random.Uniform(-10, 100)};
  RC_ASSERT(Distance(VoxelFromWorld(geometry, WorldFromVoxel(geometry, index)), index) < 1e-9);
}

RC_GTEST_PROP(Geometry, ComesBackFromItsAffine, (const std::uint64_t seed)) {
  base::Random random(seed);
  const Geometry geometry = test::RandomGeometry(random, 100);
  RC_ASSERT(SameGrid(GeometryFromAffine(AffineOf(geometry), geometry.size, "test"), geometry, 1e-9));
}

TEST(Geometry, AShearedAffineIsRefusedAndARoundedOneIsMadeOrthonormal) {
  EXPECT_THROW(GeometryFromAffine(Affine{{{1, 0.002, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}}, {2, 2, 2}, "test"),
               base::Error);
  const Geometry rounded =
      GeometryFromAffine(Affine{{{1, 0.0005, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}}, {2, 2, 2}, "test");
  EXPECT_NEAR(Dot({rounded.direction[0][0], rounded.direction[1][0], rounded.direction[2][0]},
                  {rounded.direction[0][1], rounded.direction[1][1], rounded.direction[2][1]}),
              0, 1e-14);
}

TEST(Geometry, SingularAndNonFiniteAffinesAreRefused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(GeometryFromAffine(Affine{{{1, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 1, 0}}}, {2, 2, 2}, "test"), base::Error);
  EXPECT_THROW(GeometryFromAffine(Affine{{{1, 1, 0, 0}, {0, 0, 0, 0}, {0, 0, 1, 0}}}, {2, 2, 2}, "test"), base::Error);
  EXPECT_THROW(GeometryFromAffine(Affine{{{1, 0, 0, 0}, {0, 1, 0, nan}, {0, 0, 1, 0}}}, {2, 2, 2}, "test"),
               base::Error);
  EXPECT_THROW(GeometryFromAffine(Affine{{{1, 0, 0, 0}, {0, nan, 0, 0}, {0, 0, 1, 0}}}, {2, 2, 2}, "test"),
               base::Error);
}

TEST(Geometry, ImpossibleSizesSpacingsAndAxesAreRefusedByName) {
  const auto refused = [](auto change) {
    Geometry geometry = Example();
    change(geometry);
    try {
      CheckGeometry(geometry, "scan.nii");
    } catch (const base::Error& error) {
      return error.kind() == base::ErrorKind::kInput && error.message().starts_with("scan.nii");
    }
    return false;
  };
  EXPECT_FALSE(refused([](Geometry&) {}));
  EXPECT_TRUE(refused([](Geometry& g) { g.size[1] = 0; }));
  EXPECT_TRUE(refused([](Geometry& g) { g.size = {30000, 30000, 30000}; }));
  EXPECT_TRUE(refused([](Geometry& g) { g.spacing_mm[2] = -1; }));
  EXPECT_TRUE(refused([](Geometry& g) { g.spacing_mm[0] = std::numeric_limits<double>::infinity(); }));
  EXPECT_TRUE(refused([](Geometry& g) { g.direction[0][0] = 0.9; }));
  EXPECT_TRUE(refused([](Geometry& g) { g.direction[0][1] = 0.1; }));
  EXPECT_TRUE(refused([](Geometry& g) { g.origin_world[0] = std::numeric_limits<double>::quiet_NaN(); }));
}

TEST(Geometry, GridsAreTheSameOnlyIfEveryCornerIs) {
  const Geometry a = Example();
  Geometry b = a;
  EXPECT_TRUE(SameGrid(a, b));
  b.spacing_mm[2] += 0.001;  // 6 mm away from the first slice this is 0.0055 mm
  EXPECT_TRUE(SameGrid(a, b));
  b.spacing_mm[2] += 0.01;
  EXPECT_FALSE(SameGrid(a, b));
  b = a;
  b.size[0] += 1;
  EXPECT_FALSE(SameGrid(a, b));
  b = a;
  b.origin_world[1] += 0.011;
  EXPECT_FALSE(SameGrid(a, b));
}

TEST(Geometry, OrientationNamesWhereTheIndexAxesPoint) {
  Geometry geometry = Example();
  EXPECT_EQ(OrientationOf(geometry), "LPS");
  geometry.direction = {
      {{0, 0, -1}, {1, 0, 0}, {0, -1, 0}}};  // sagittal: rows to the back, columns to the feet, slices to the right
  EXPECT_EQ(OrientationOf(geometry), "PIR");
}

TEST(Geometry, TheCanonicalGridOfEveryOrientationIsLps) {
  for (const Matrix3& direction : test::AxisOrientations()) {
    Geometry geometry = Example();
    geometry.direction = direction;
    const Geometry canonical = CanonicalGrid(geometry);
    EXPECT_EQ(OrientationOf(canonical), "LPS");
    EXPECT_EQ(canonical.voxel_count(), geometry.voxel_count());
    // The corner with the smallest coordinates is the first voxel.
    const Vector3 last = WorldFromVoxel(geometry, {3, 4, 5});
    for (int w = 0; w < 3; ++w)
      EXPECT_DOUBLE_EQ(canonical.origin_world[w], std::min(geometry.origin_world[w], last[w]));
  }
}

RC_GTEST_PROP(Geometry, TheCanonicalGridHasTheSameVoxelCentres, (const std::uint64_t seed)) {
  base::Random random(seed);
  const Geometry geometry = test::RandomGeometry(random, 20);
  const Geometry canonical = CanonicalGrid(geometry);
  const CanonicalAxes axes = CanonicalAxesOf(geometry);
  Vector3 index{};
  Vector3 canonical_index{};
  for (int w = 0; w < 3; ++w) {
    const std::int64_t n = canonical.size[w];
    const std::int64_t at = random.Integer(n);
    canonical_index[w] = static_cast<double>(at);
    index[axes.axis[w]] = static_cast<double>(axes.flipped[w] ? n - 1 - at : at);
  }
  RC_ASSERT(Distance(WorldFromVoxel(canonical, canonical_index), WorldFromVoxel(geometry, index)) < 1e-9);
  for (int w = 0; w < 3; ++w) RC_ASSERT(canonical.direction[w][w] > 0);
}

TEST(Geometry, SlicesLieAcrossTheCoarsestSpacing) {
  EXPECT_EQ(SliceAxis({4, 0.5, 0.5}), 0);
  EXPECT_EQ(SliceAxis({0.5, 4, 0.5}), 1);
  EXPECT_EQ(SliceAxis({0.5, 0.5, 4}), 2);
  EXPECT_EQ(SliceAxis({1, 1, 1}), 2);
  EXPECT_EQ(SliceAxis({1.0000001, 1, 1}), 2);
  EXPECT_EQ(SliceAxis({2, 2, 1}), 1);
}

}  // namespace
}  // namespace parotis::image
