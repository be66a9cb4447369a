#include "physics/field_map.h"

#include <gtest/gtest.h>

#include <cmath>

namespace parotis::physics {
namespace {

image::Geometry Cube() {
  image::Geometry grid;
  grid.size = {60, 64, 72};
  grid.spacing_mm = {4, 4, 4};
  grid.origin_world = {-118, -126, -142};
  return grid;
}

template <class Value>
image::Volume Filled(const Value& value) {
  image::Volume volume(Cube());
  for (std::int64_t k = 0; k < 72; ++k) {
    for (std::int64_t j = 0; j < 64; ++j) {
      for (std::int64_t i = 0; i < 60; ++i)
        volume.At(i, j, k) =
            static_cast<float>(value(WorldFromVoxel(volume.geometry, {double(i), double(j), double(k)})));
    }
  }
  return volume;
}

// Closed form of a sphere of susceptibility χ and radius a (Haacke et al. 1999, ch. 25): nothing inside but the shim's
// constant, and χ/3 (a/r)³ (3 cos²θ − 1) outside.
TEST(FieldMap, OfASphereIsItsClosedForm) {
  constexpr double kRadius = 24, kChi = 9;
  const image::Volume field = FieldOf(Filled([](const image::Vector3& p) {
    // The share of the voxel that lies within the sphere, from its distance.
    return kChi * std::clamp(0.5 + (kRadius - image::Norm(p)) / 4, 0.0, 1.0);
  }));
  const auto at = [&](double x, double y, double z) {
    const auto index = VoxelFromWorld(field.geometry, {x, y, z});
    return static_cast<double>(field.At(std::llround(index[0]), std::llround(index[1]), std::llround(index[2])));
  };
  const auto expected = [](double x, double y, double z) {
    const double r = std::hypot(x, y, z);
    return kChi / 3 * std::pow(kRadius / r, 3) * (3 * z * z / (r * r) - 1);
  };
  const double centre = at(2, 2, 2);
  for (const auto& [x, y, z] :
       {std::array{2.0, 2.0, 42.0}, {2.0, 42.0, 2.0}, {34.0, 2.0, 2.0}, {30.0, 2.0, 30.0}, {2.0, 2.0, 58.0}})
    EXPECT_NEAR(at(x, y, z) - centre, expected(x, y, z), 0.12) << x << " " << y << " " << z;
  EXPECT_NEAR(at(10, -6, 2), centre, 0.06) << "a sphere's inside is even";
}

TEST(FieldMap, TheShimTakesAwayWhatCoilsCan) {
  image::Volume field =
      Filled([](const image::Vector3& p) { return 0.3 + 0.01 * p[0] - 0.02 * p[2] + 1e-4 * p[1] * p[2]; });
  Shim(field, Filled([](const image::Vector3&) { return 1.0; }));
  for (std::size_t v = 0; v < field.voxels.size(); v += 997) EXPECT_NEAR(field.voxels[v], 0, 1e-3);
}

// 50–150 Hz near the mastoid or dental metal at 3 T, little in the middle of the shimmed region.
TEST(FieldMap, OfAHeadIsAsLargeAsPublished) {
  for (int k = 0; k < 3; ++k) {
    const phantom::Patient patient = phantom::DrawPatient(phantom::DefaultPriors(), 2, k, "tumour_free");
    phantom::HeadPose pose;
    pose.scale = patient.body.scale;
    const auto tissues = phantom::TissuesOf(patient, phantom::DefaultPriors().normal, phantom::FieldStrength::k3T);
    const image::Volume field = FieldMapHz(patient, tissues, pose, phantom::FieldStrength::k3T);
    const image::Volume weak = FieldMapHz(patient, tissues, pose, phantom::FieldStrength::k15T);
    double largest = 0, squares = 0, count = 0;
    for (std::size_t v = 0; v < field.voxels.size(); ++v) {
      ASSERT_NEAR(weak.voxels[v], 0.5 * field.voxels[v], 1e-2);
    }
    // Around the parotids: 30 to 70 mm to each side, at the height of the gland.
    for (double z = -30; z <= 30; z += 4) {
      for (double y = -10; y <= 30; y += 4) {
        for (const double side : {-1.0, 1.0}) {
          for (double x = 34; x <= 66; x += 4) {
            const auto index = VoxelFromWorld(field.geometry, {side * x, y, z});
            const double hz = field.At(std::llround(index[0]), std::llround(index[1]), std::llround(index[2]));
            largest = std::max(largest, std::abs(hz));
            squares += hz * hz, ++count;
          }
        }
      }
    }
    EXPECT_GT(largest, 40) << "patient " << k;
    EXPECT_LT(std::sqrt(squares / count), 120) << "patient " << k;
  }
}

}  // namespace
}  // namespace parotis::physics
