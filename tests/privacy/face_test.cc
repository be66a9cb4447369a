#include "privacy/face.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/resample.h"
#include "phantom/cohort.h"
#include "physics/scan.h"
#include "tests/privacy/bodies.h"

namespace parotis::privacy {
namespace {

physics::Examination Examined(std::uint64_t seed, std::int64_t index) {
  return physics::Scan(phantom::DrawPatient(phantom::DefaultPriors(), seed, index, "warthin"), phantom::DefaultPriors(),
                       {});
}

TEST(Face, IsFoundInHeadsOfTheSyntheticCohort) {
  for (const std::int64_t index : {0, 1, 2}) {
    const physics::Examination examination = Examined(5, index);
    for (const image::Volume* volume : {&examination.t2, &examination.t1c}) {
      const Face face = FindFace(*volume).face;
      EXPECT_TRUE(face.recognisable()) << index << ": " << Describe(face);
    }
  }
}

TEST(Face, ItsFrameFollowsTheHead) {
  const physics::Examination examination = Examined(5, 3);
  const auto& pose = examination.protocol.pose;
  const Face face = FindFace(examination.t2).face;
  ASSERT_TRUE(face.frame.has_value());
  for (const double z : {-20.0, 10.0}) {
    const image::Vector3 middle = phantom::WorldFromHead(pose, {0, 0, z});
    EXPECT_NEAR(face.frame->midline.At(middle[1], middle[2]), middle[0], 4);
  }
  // The skin beside the phantom's nose lies 85–95 mm before the middle between its parotids.
  const double before_mm = -face.frame->DepthOf(phantom::WorldFromHead(pose, {0, -90, 0}));
  EXPECT_NEAR(before_mm, 0, 8);
}

TEST(Face, LimbsBelliesAndCropsFromWithinHaveNone) {
  const test::BodyImage usual;
  EXPECT_FALSE(FindFace(test::Imaged(usual, test::Cylinder(55, 55))).face.recognisable());   // a leg
  EXPECT_FALSE(FindFace(test::Imaged(usual, test::Cylinder(80, 90))).face.recognisable());   // a thigh
  EXPECT_FALSE(FindFace(test::Imaged(usual, test::Cylinder(58, 68))).face.recognisable());   // a neck
  EXPECT_FALSE(FindFace(test::Imaged(usual, test::Cylinder(120, 90))).face.recognisable());  // a belly within the image
  EXPECT_FALSE(FindFace(test::Imaged(usual, test::Cylinder(300, 200))).face.recognisable());
  EXPECT_FALSE(FindFace(test::Imaged(usual, [](double, double, double) { return false; })).face.recognisable());
  EXPECT_FALSE(FindFace(image::Volume(Examined(5, 0).t2.geometry, 7)).face.recognisable());
}

TEST(Face, TheCrownAloneIsNone) {
  const auto crown = [](double x, double y, double z) {
    return x * x / (76 * 76) + y * y / (97 * 97) + (z + 60) * (z + 60) / (118 * 118.0) < 1;
  };
  test::BodyImage above;
  EXPECT_FALSE(FindFace(test::Imaged(above, crown)).face.recognisable());
}

TEST(Face, ThickSlicesAreNoExcuse) {
  const physics::Examination examination = Examined(5, 4);
  image::Geometry thick = examination.t2.geometry;
  thick.spacing_mm[2] *= 2;
  thick.size[2] /= 2;
  EXPECT_TRUE(FindFace(image::Resample(examination.t2, thick, image::Interpolation::kLinear)).face.recognisable());
}

TEST(Face, SaysWhatWasSeen) {
  const Face face = FindFace(Examined(5, 0).t2).face;
  EXPECT_THAT(Describe(face), testing::HasSubstr("slices 4.0 mm apart"));
  EXPECT_GT(face.area_cm2, 25);
  EXPECT_GT(face.width_mm, 60);
  EXPECT_EQ(Describe(Face()), "no head with its front was found");
}

}  // namespace
}  // namespace parotis::privacy
