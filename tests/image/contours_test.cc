#include "image/contours.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>

#include "tests/support/geometries.h"

namespace parotis::image {
namespace {

constexpr Matrix3 kIdentity = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

Geometry Grid(std::int64_t n, std::int64_t slices, double spacing_mm = 1, double slice_mm = 3) {
  return {{n, n, slices}, {spacing_mm, spacing_mm, slice_mm}, {0, 0, 0}, kIdentity};
}

Polygon Rectangle(double x0, double y0, double x1, double y1, double z) {
  return {{x0, y0, z}, {x1, y0, z}, {x1, y1, z}, {x0, y1, z}};
}

std::int64_t CountOf(const LabelVolume& mask) {
  return std::accumulate(mask.voxels.begin(), mask.voxels.end(), std::int64_t{0});
}

LabelVolume Fill(const std::vector<Polygon>& polygons, const Geometry& grid, double slab_mm = 0) {
  return FillContours(StackContours(polygons, slab_mm).value(), grid);
}

// The polygon's points are in the plane spanned by the grid's first two axes.
double ShoelaceArea(const std::vector<std::array<double, 2>>& points) {
  double twice = 0;
  for (std::size_t p = 0; p < points.size(); ++p) {
    const auto& a = points[p];
    const auto& b = points[(p + 1) % points.size()];
    twice += a[0] * b[1] - a[1] * b[0];
  }
  return std::abs(twice) / 2;
}

struct Star {
  std::vector<std::array<double, 2>> points_mm;
  double perimeter_mm = 0;
};

// A star-shaped polygon around the centre of the grid's plane.
Star DrawStar(base::Random& random, double centre_x, double centre_y, double largest) {
  Star star;
  const auto corners = static_cast<int>(5 + random.Integer(30));
  for (int c = 0; c < corners; ++c) {
    const double angle = 2 * std::numbers::pi * c / corners;
    const double radius = random.Uniform(0.4, 1) * largest;
    star.points_mm.push_back({centre_x + radius * std::cos(angle), centre_y + radius * std::sin(angle)});
  }
  for (std::size_t p = 0; p < star.points_mm.size(); ++p) {
    const auto& a = star.points_mm[p];
    const auto& b = star.points_mm[(p + 1) % star.points_mm.size()];
    star.perimeter_mm += std::hypot(a[0] - b[0], a[1] - b[1]);
  }
  return star;
}

Vector3 WorldFromPlane(const Geometry& grid, const std::array<double, 2>& point_mm, double slice) {
  return WorldFromVoxel(grid, {point_mm[0] / grid.spacing_mm[0], point_mm[1] / grid.spacing_mm[1], slice});
}

RC_GTEST_PROP(Contours, TheFilledAreaIsThePolygonsAreaOnAnyObliqueGrid, ()) {
  base::Random random(*rc::gen::arbitrary<std::uint64_t>());
  Geometry grid = Grid(64, 1, random.Uniform(0.4, 1.2), 4);
  grid.spacing_mm[1] = random.Uniform(0.4, 1.2);
  grid.direction = test::RandomDirection(random);
  grid.origin_world = {random.Uniform(-100, 100), random.Uniform(-100, 100), random.Uniform(-100, 100)};
  const double x = 32 * grid.spacing_mm[0], y = 32 * grid.spacing_mm[1];
  const Star star = DrawStar(random, x, y, 0.9 * std::min(x, y));
  Polygon polygon;
  for (const auto& point : star.points_mm) polygon.push_back(WorldFromPlane(grid, point, 0));
  const double area_mm2 = static_cast<double>(CountOf(Fill({polygon}, grid))) * grid.spacing_mm[0] * grid.spacing_mm[1];
  // Only voxels that the border cuts can be wrong: those within half a voxel's diagonal of it.
  const double diagonal_mm = std::hypot(grid.spacing_mm[0], grid.spacing_mm[1]);
  RC_ASSERT(std::abs(area_mm2 - ShoelaceArea(star.points_mm)) <=
            0.5 * diagonal_mm * star.perimeter_mm + std::numbers::pi * diagonal_mm * diagonal_mm / 4);
}

TEST(Contours, TheErrorOfTheAreaVanishesWithTheVoxels) {
  for (const double spacing_mm : {1.0, 0.1}) {
    Geometry grid = Grid(static_cast<std::int64_t>(40 / spacing_mm), 1, spacing_mm);
    Polygon circle;
    for (int c = 0; c < 360; ++c) {
      const double angle = c * std::numbers::pi / 180;
      circle.push_back({20.03 + 15 * std::cos(angle), 20.01 + 15 * std::sin(angle), 0});
    }
    const double area_mm2 = static_cast<double>(CountOf(Fill({circle}, grid))) * spacing_mm * spacing_mm;
    EXPECT_NEAR(area_mm2, std::numbers::pi * 225, spacing_mm > 0.5 ? 8 : 0.8);
  }
}

TEST(Contours, ARingInARingIsAHoleAndARingInThatIsNone) {
  const LabelVolume mask =
      Fill({Rectangle(0.5, 0.5, 16.5, 16.5, 0), Rectangle(4.5, 4.5, 12.5, 12.5, 0), Rectangle(6.5, 6.5, 8.5, 8.5, 0)},
           Grid(20, 1));
  EXPECT_EQ(CountOf(mask), 16 * 16 - 8 * 8 + 2 * 2);
  EXPECT_EQ(mask.At(1, 1, 0), 1);
  EXPECT_EQ(mask.At(5, 5, 0), 0);
  EXPECT_EQ(mask.At(7, 7, 0), 1);
}

TEST(Contours, AKeyholeIsAHole) {
  // Out along the outer ring, in over a channel of no width, around the hole and back over the channel.
  const Polygon keyhole = {{0.5, 0.5, 0},  {16.5, 0.5, 0}, {16.5, 16.5, 0}, {0.5, 16.5, 0},
                           {0.5, 8.5, 0},  {4.5, 8.5, 0},  {4.5, 12.5, 0},  {12.5, 12.5, 0},
                           {12.5, 4.5, 0}, {4.5, 4.5, 0},  {4.5, 8.5, 0},   {0.5, 8.5, 0}};
  EXPECT_EQ(CountOf(Fill({keyhole}, Grid(20, 1))), 16 * 16 - 8 * 8);
}

TEST(Contours, NeighboursThatShareABorderShareNoVoxel) {
  const Geometry grid = Grid(20, 1);
  const auto left = Fill({Rectangle(2, 2, 7, 9, 0)}, grid);
  const auto right = Fill({Rectangle(7, 2, 12, 9, 0)}, grid);
  EXPECT_EQ(CountOf(left) + CountOf(right), CountOf(Fill({Rectangle(2, 2, 12, 9, 0)}, grid)));
  for (std::size_t v = 0; v < left.voxels.size(); ++v) EXPECT_LE(left.voxels[v] + right.voxels[v], 1);
}

TEST(Contours, PlanesBetweenSlicesAndSlicesBetweenPlanesTakeTheNearest) {
  // Planes at 1, 4, 7 mm are nearest to the slices at 0, 3, 6; nothing is drawn near those at 9 and 12.
  std::vector<Polygon> planes;
  for (int p = 0; p < 3; ++p) planes.push_back(Rectangle(0.5, 0.5, 2.5 + p, 1.5, 1 + 3 * p));
  const LabelVolume shifted = Fill(planes, Grid(8, 5));
  for (std::int64_t k = 0; k < 5; ++k) {
    std::int64_t row = 0;
    for (std::int64_t i = 0; i < 8; ++i) row += shifted.At(i, 1, k);
    EXPECT_EQ(row, k < 3 ? 2 + k : 0) << k;
  }
  // Drawn in every second slice: the slices between belong to the upper plane, none is added at the top.
  planes = {Rectangle(0.5, 0.5, 2.5, 1.5, 3), Rectangle(0.5, 0.5, 2.5, 1.5, 9), Rectangle(0.5, 0.5, 2.5, 1.5, 15)};
  const LabelVolume sparse = Fill(planes, Grid(8, 8));
  for (std::int64_t k = 0; k < 8; ++k) EXPECT_EQ(sparse.At(1, 1, k), k < 6 ? 1 : 0) << k;
}

TEST(Contours, AGapInTheStackIsNotFilled) {
  std::vector<Polygon> planes;
  for (const double z : {0.0, 3.0, 12.0, 15.0}) planes.push_back(Rectangle(0.5, 0.5, 2.5, 1.5, z));
  const LabelVolume mask = Fill(planes, Grid(8, 6));
  for (std::int64_t k = 0; k < 6; ++k) EXPECT_EQ(mask.At(1, 1, k), k == 2 || k == 3 ? 0 : 1) << k;
}

TEST(Contours, ASinglePlaneIsAsThickAsASliceOrAsItSays) {
  EXPECT_EQ(CountOf(Fill({Rectangle(0.5, 0.5, 2.5, 1.5, 6.2)}, Grid(8, 5))), 2);
  EXPECT_EQ(CountOf(Fill({Rectangle(0.5, 0.5, 2.5, 1.5, 6.2)}, Grid(8, 5), 9)), 6);
}

RC_GTEST_PROP(Contours, ABoxDrawnInObliquePlanesFillsItsVolume, ()) {
  base::Random random(*rc::gen::arbitrary<std::uint64_t>());
  const Geometry grid = {{48, 48, 48}, {1, 1, 1}, {0, 0, 0}, kIdentity};
  const Matrix3 axes = test::RandomDirection(random);
  const Vector3 half = {random.Uniform(4, 10), random.Uniform(4, 10), 9};
  std::vector<Polygon> planes;
  for (int p = 0; p < 6; ++p) {  // slabs of 3 mm: 18 mm in all
    Polygon polygon;
    for (const auto& [a, b] : {std::pair{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}) {
      const Vector3 local = {a * half[0], b * half[1], -7.5 + 3 * p};
      Vector3 point = {23.5, 23.5, 23.5};
      for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t axis = 0; axis < 3; ++axis) point[row] += axes[row][axis] * local[axis];
      }
      polygon.push_back(point);
    }
    planes.push_back(polygon);
  }
  const LabelVolume mask = Fill(planes, grid);
  // Only voxels that the surface cuts can be counted wrongly: those within half a diagonal of it.
  const double volume_mm3 = 8 * half[0] * half[1] * half[2];
  const double surface_mm2 = 8 * (half[0] * half[1] + half[1] * half[2] + half[2] * half[0]);
  RC_ASSERT(std::abs(static_cast<double>(CountOf(mask)) - volume_mm3) <= surface_mm2 * std::sqrt(3.0) / 2);
  for (std::int64_t k = 0; k < 48; k += 3) {
    for (std::int64_t j = 0; j < 48; j += 3) {
      for (std::int64_t i = 0; i < 48; i += 3) {
        const Vector3 offset = {static_cast<double>(i) - 23.5, static_cast<double>(j) - 23.5,
                                static_cast<double>(k) - 23.5};
        double most_outside_mm = -1e9;
        for (std::size_t axis = 0; axis < 3; ++axis) {
          const double along = axes[0][axis] * offset[0] + axes[1][axis] * offset[1] + axes[2][axis] * offset[2];
          most_outside_mm = std::max(most_outside_mm, std::abs(along) - half[axis]);
        }
        if (std::abs(most_outside_mm) < 0.01) continue;  // on the border
        RC_ASSERT(mask.At(i, j, k) == (most_outside_mm < 0 ? 1 : 0));
      }
    }
  }
}

TEST(Contours, PolygonsThatAreNoStackAreNone) {
  EXPECT_FALSE(StackContours(std::vector<Polygon>{}, 0));
  EXPECT_FALSE(StackContours(std::vector<Polygon>{{{0, 0, 0}, {1, 0, 0}, {2, 0, 0}}}, 0));  // no area
  EXPECT_FALSE(StackContours(std::vector<Polygon>{{{0, 0, 0}, {9, 0, 0}, {9, 9, 2}, {0, 9, 0}}}, 0));
  EXPECT_FALSE(
      StackContours(std::vector<Polygon>{Rectangle(0, 0, 9, 9, 0), {{0, 0, 0}, {0, 9, 0}, {0, 9, 9}, {0, 0, 9}}}, 0));
}

}  // namespace
}  // namespace parotis::image
