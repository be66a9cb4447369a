#include "physics/trilinear.h"

#include <gtest/gtest.h>

#include "image/volume.h"
#include "physics/field_map.h"
#include "physics/slab.h"

namespace parotis::physics {
namespace {

double Ramp(const image::Vector3& world) { return 3 * world[0] - 2 * world[1] + 0.5 * world[2] + 7; }

// A linear function of the world on a grid that holds the slices with room to spare.
image::Volume RampVolume() {
  image::Volume volume({{21, 22, 23}, {4, 4, 4}, {-40, -44, -40}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}});
  for (std::int64_t k = 0; k < 23; ++k) {
    for (std::int64_t j = 0; j < 22; ++j) {
      for (std::int64_t i = 0; i < 21; ++i) {
        volume.At(i, j, k) = static_cast<float>(Ramp(
            WorldFromVoxel(volume.geometry, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)})));
      }
    }
  }
  return volume;
}

TEST(FieldOnSlices, IsWhatTheFieldIsWhereTheTissueCameFromInTheMiddleOfEachSlice) {
  const image::Volume field = RampVolume();
  const image::Geometry slices{{9, 8, 3}, {1.5, 1.25, 5}, {-6, -5, -7}, {{{1, 0, 0}, {0, 0.8, -0.6}, {0, 0.6, 0.8}}}};
  image::AffineMap motion;
  motion.matrix = {{{0.8, -0.6, 0}, {0.6, 0.8, 0}, {0, 0, 1}}};
  motion.shift_mm = {2, -3, 1.5};
  const auto planes = FieldOnSlices(field, FineGrid(slices), motion, 2);
  ASSERT_EQ(planes.size(), 3U);
  const image::AffineMap back = image::Inverse(motion);
  for (std::int64_t k = 0; k < 3; ++k) {
    ASSERT_EQ(planes[k].size(), 72U);
    for (std::int64_t p = 0; p < 72; ++p) {
      const image::Vector3 voxel = {static_cast<double>(p % 9), static_cast<double>(p / 9), static_cast<double>(k)};
      EXPECT_NEAR(planes[k][p], 2 * Ramp(Mapped(back, WorldFromVoxel(slices, voxel))), 1e-3);
    }
  }
}

TEST(SourcePlane, BeyondTheSourceTheBorderGoesOn) {
  const image::Volume source = RampVolume();
  image::Geometry far = source.geometry;
  for (double& mm : far.origin_world) mm -= 1000;
  const SourcePlane before(source.geometry, far, {}, 0);
  EXPECT_EQ(before.Around<float>(3, 4).Sum(source.voxels), source.voxels.front());
  for (double& mm : far.origin_world) mm += 2000;
  const SourcePlane behind(source.geometry, far, {}, 0);
  EXPECT_EQ(behind.Around<double>(3, 4).Sum(source.voxels), source.voxels.back());
}

}  // namespace
}  // namespace parotis::physics
