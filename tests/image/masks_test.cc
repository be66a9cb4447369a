#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <queue>

#include "base/random.h"
#include "image/components.h"
#include "image/distance.h"
#include "tests/support/geometries.h"

namespace parotis::image {
namespace {

using Index = std::array<std::int64_t, 3>;

LabelVolume RandomMask(base::Random& random, std::int64_t largest_size, double density) {
  LabelVolume mask(test::RandomGeometry(random, largest_size));
  for (auto& voxel : mask.voxels) voxel = random.Chance(density) ? 1 + static_cast<std::uint8_t>(random.Integer(3)) : 0;
  return mask;
}

std::vector<Index> Indices(const Geometry& grid) {
  std::vector<Index> all;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) all.push_back({i, j, k});
    }
  }
  return all;
}

bool Touch(const Index& a, const Index& b, Connectivity connectivity) {
  std::int64_t steps = 0;
  std::int64_t longest = 0;
  for (int axis = 0; axis < 3; ++axis) {
    steps += std::abs(a[axis] - b[axis]);
    longest = std::max(longest, std::abs(a[axis] - b[axis]));
  }
  return connectivity == Connectivity::kAll ? longest <= 1 : steps <= 1;
}

// Flood fill by trying every pair of voxels; ids in the order of the first voxel.
std::vector<int> FloodFill(const LabelVolume& mask, Connectivity connectivity) {
  const std::vector<Index> indices = Indices(mask.geometry);
  std::vector<int> ids(indices.size());
  int count = 0;
  for (std::size_t seed = 0; seed < indices.size(); ++seed) {
    if (mask.voxels[seed] == 0 || ids[seed] != 0) continue;
    std::queue<std::size_t> open({seed});
    ids[seed] = ++count;
    while (!open.empty()) {
      const std::size_t at = open.front();
      open.pop();
      for (std::size_t v = 0; v < indices.size(); ++v) {
        if (mask.voxels[v] == 0 || ids[v] != 0 || !Touch(indices[at], indices[v], connectivity)) continue;
        ids[v] = count;
        open.push(v);
      }
    }
  }
  return ids;
}

RC_GTEST_PROP(Components, AreThoseOfAFloodFill, (const std::uint64_t seed, const bool faces)) {
  base::Random random(seed);
  const Connectivity connectivity = faces ? Connectivity::kFaces : Connectivity::kAll;
  const LabelVolume mask = RandomMask(random, 7, random.Uniform(0.05, 0.6));
  const std::vector<int> expected = FloodFill(mask, connectivity);
  const Components components = FindComponents(mask, connectivity);
  std::vector<std::int64_t> sizes(components.sizes.size());
  for (std::size_t a = 0; a < expected.size(); ++a) {
    const std::int32_t id = components.ids.voxels[a];
    RC_ASSERT((id == 0) == (expected[a] == 0));
    if (id > 0) ++sizes.at(static_cast<std::size_t>(id - 1));
    for (std::size_t b = 0; b < a; ++b) RC_ASSERT((id == components.ids.voxels[b]) == (expected[a] == expected[b]));
  }
  RC_ASSERT(sizes == components.sizes);
}

RC_GTEST_PROP(Components, AreNumberedBySizeThenByFirstVoxel, (const std::uint64_t seed)) {
  base::Random random(seed);
  const Components components = FindComponents(RandomMask(random, 12, 0.15), Connectivity::kFaces);
  std::vector<std::size_t> first(components.sizes.size());
  for (std::size_t v = components.ids.voxels.size(); v-- > 0;) {
    if (components.ids.voxels[v] > 0) first[static_cast<std::size_t>(components.ids.voxels[v] - 1)] = v;
  }
  for (std::size_t c = 1; c < first.size(); ++c) {
    RC_ASSERT(components.sizes[c - 1] > components.sizes[c] ||
              (components.sizes[c - 1] == components.sizes[c] && first[c - 1] < first[c]));
  }
}

TEST(Components, TwoVoxelsThatShareACornerAreOneByTwentySixAndTwoBySix) {
  Geometry grid;
  grid.size = {2, 2, 2};
  LabelVolume mask(grid);
  mask.At(0, 0, 0) = mask.At(1, 1, 1) = 1;
  EXPECT_EQ(FindComponents(mask).count(), 1);
  EXPECT_EQ(FindComponents(mask, Connectivity::kFaces).count(), 2);
  EXPECT_EQ(FindComponents(LabelVolume(grid)).count(), 0);
}

double DistanceBetween(const Geometry& grid, const Index& a, const Index& b) {
  double sum = 0;
  for (int axis = 0; axis < 3; ++axis)
    sum += std::pow(static_cast<double>(a[axis] - b[axis]) * grid.spacing_mm[axis], 2);
  return std::sqrt(sum);
}

RC_GTEST_PROP(Distance, IsThatOfASearchThroughAllVoxels, (const std::uint64_t seed)) {
  base::Random random(seed);
  const LabelVolume mask = RandomMask(random, 9, random.Uniform(0, 0.1));
  const Volume distance = DistanceTo(mask);
  const std::vector<Index> indices = Indices(mask.geometry);
  for (std::size_t v = 0; v < indices.size(); ++v) {
    double expected = std::numeric_limits<double>::infinity();
    for (std::size_t w = 0; w < indices.size(); ++w) {
      if (mask.voxels[w] != 0) expected = std::min(expected, DistanceBetween(mask.geometry, indices[v], indices[w]));
    }
    RC_ASSERT(distance.voxels[v] == static_cast<float>(expected) ||
              std::abs(distance.voxels[v] - expected) < 1e-5 * expected);
  }
}

std::vector<Index> Surface(const LabelVolume& mask) {
  std::vector<Index> surface;
  for (const Index& index : Indices(mask.geometry)) {
    if (mask.At(index[0], index[1], index[2]) == 0) continue;
    bool exposed = false;
    for (int side = 0; side < 6; ++side) {
      Index next = index;
      next[side / 2] += side % 2 == 0 ? -1 : 1;
      const bool beyond = next[side / 2] < 0 || next[side / 2] >= mask.geometry.size[side / 2];
      exposed = exposed || beyond || mask.At(next[0], next[1], next[2]) == 0;
    }
    if (exposed) surface.push_back(index);
  }
  return surface;
}

RC_GTEST_PROP(SurfaceDistances, AreThoseOfASearchThroughBothSurfaces, (const std::uint64_t seed)) {
  base::Random random(seed);
  const LabelVolume from = RandomMask(random, 7, random.Uniform(0, 0.9));
  LabelVolume to(from.geometry);
  for (auto& voxel : to.voxels) voxel = random.Chance(0.5);
  const std::vector<float> distances = SurfaceDistances(from, to);
  const std::vector<Index> from_surface = Surface(from);
  const std::vector<Index> to_surface = Surface(to);
  RC_ASSERT(distances.size() == (to_surface.empty() ? 0 : from_surface.size()));
  for (std::size_t s = 0; s < distances.size(); ++s) {
    double expected = std::numeric_limits<double>::infinity();
    for (const Index& index : to_surface)
      expected = std::min(expected, DistanceBetween(from.geometry, from_surface[s], index));
    RC_ASSERT(std::abs(distances[s] - expected) < 1e-4);
  }
}

TEST(SurfaceDistances, OfShiftedBoxesIsTheShiftInMillimetres) {
  Geometry grid;
  grid.size = {12, 8, 8};
  grid.spacing_mm = {2, 1, 1};
  LabelVolume a(grid);
  LabelVolume b(grid);
  for (std::int64_t k = 2; k < 6; ++k) {
    for (std::int64_t j = 2; j < 6; ++j) {
      for (std::int64_t i = 0; i < 3; ++i) a.At(1 + i, j, k) = b.At(8 + i, j, k) = 1;
    }
  }
  const std::vector<float> distances = SurfaceDistances(a, b);
  EXPECT_FLOAT_EQ(*std::min_element(distances.begin(), distances.end()), 10);
  EXPECT_FLOAT_EQ(*std::max_element(distances.begin(), distances.end()), 14);
  EXPECT_TRUE(SurfaceDistances(a, LabelVolume(grid)).empty());
}

}  // namespace
}  // namespace parotis::image
