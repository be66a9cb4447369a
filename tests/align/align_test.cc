#include "align/align.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "align/samples.h"
#include "tests/support/moved_phantom.h"

namespace parotis::align {
namespace {

using image::AffineMap;
using image::Vector3;
using image::Volume;
using test::Contrast;

Vector3 CentreOf(const image::Geometry& grid) {
  return image::WorldFromVoxel(grid, {0.5 * static_cast<double>(grid.size[0]), 0.5 * static_cast<double>(grid.size[1]),
                                      0.5 * static_cast<double>(grid.size[2])});
}

double ErrorOf(const Volume& reference, const AffineMap& found, const AffineMap& truth) {
  const Volume coarse = AtResolution(reference, 4);
  const Samples head = DrawSamples(coarse, HeadOf(coarse, 0), 2000, 3);
  double sum_mm = 0;
  for (const Vector3& point : head.points_world) {
    const Vector3 a = Mapped(found, point), b = Mapped(truth, point);
    sum_mm += image::Norm({a[0] - b[0], a[1] - b[1], a[2] - b[2]});
  }
  return sum_mm / static_cast<double>(head.points_world.size());
}

TEST(Align, KnownMotionsBetweenContrastsAreFoundAndNeverLeaveMoreErrorThanTheHeader) {
  std::vector<double> errors_mm;
  for (const Contrast moving : {Contrast::kT1c, Contrast::kB0}) {
    for (int n = 0; n < 3; ++n) {
      const test::MovedPatient patient(77, n);
      base::Random random(77, {static_cast<std::uint64_t>(n)});
      const Volume reference = AtResolution(patient.Scan(Contrast::kT2), 1.6);
      const AffineMap truth = test::RandomMotion(random, CentreOf(reference.geometry), 8, 8);
      const Alignment found = Align(reference, AtResolution(patient.Scan(moving, truth), 1.6), Motion::kRigid);
      errors_mm.push_back(ErrorOf(reference, found.source_from_reference, truth));
      EXPECT_LE(errors_mm.back(), ErrorOf(reference, {}, truth)) << found.reason;
      EXPECT_GT(found.after.edges, found.before.edges);
    }
  }
  std::nth_element(errors_mm.begin(), errors_mm.begin() + 3, errors_mm.end());
  EXPECT_LT(errors_mm[3], 0.5);
}

TEST(Align, AnImageThatLiesWhereItShouldIsLeftThere) {
  const test::MovedPatient patient(78, 1);
  for (const Motion motion : {Motion::kRigid, Motion::kAffine}) {
    const Alignment found = Align(patient.Scan(Contrast::kT2), AtResolution(patient.Scan(Contrast::kT1c), 1.6), motion);
    EXPECT_NE(found.outcome, Outcome::kApplied) << found.reason;
    EXPECT_EQ(found.source_from_reference, AffineMap{});
  }
}

TEST(Align, AMotionBeyondTheLimitsIsNotApplied) {
  const test::MovedPatient patient(79, 2);
  AffineMap truth;
  truth.shift_mm = {5, 3, 0};
  MotionLimits limits;
  limits.translation_mm = 2;
  const Alignment found = Align(AtResolution(patient.Scan(Contrast::kT2), 2),
                                AtResolution(patient.Scan(Contrast::kT1c, truth), 2), Motion::kRigid, limits);
  EXPECT_EQ(found.outcome, Outcome::kBeyondLimits);
  EXPECT_EQ(found.source_from_reference, AffineMap{});
  EXPECT_NEAR(found.translation_mm, image::Norm(truth.shift_mm), 0.7);
}

TEST(Align, AChangeOfScaleIsFoundByAnAffineMapAndLimited) {
  const test::MovedPatient patient(80, 3);
  Volume moving = AtResolution(patient.Scan(Contrast::kT1c), 1.6);
  const Volume reference = AtResolution(patient.Scan(Contrast::kT2), 1.6);
  const Vector3 centre = CentreOf(moving.geometry);
  AffineMap truth;
  truth.matrix[1][1] = 1.04;
  truth.shift_mm[1] = -0.04 * centre[1];
  // Rows along y, so the header can say the stretch.
  moving.geometry.spacing_mm[1] *= 1.04;
  moving.geometry.origin_world = Mapped(truth, moving.geometry.origin_world);
  if (std::abs(moving.geometry.direction[1][1]) < 0.9999) GTEST_SKIP() << "the patient's slices are oblique";
  const Alignment found = Align(reference, moving, Motion::kAffine);
  EXPECT_EQ(found.outcome, Outcome::kApplied) << found.reason;
  EXPECT_LT(ErrorOf(reference, found.source_from_reference, truth), 0.5);
  MotionLimits limits;
  limits.scale = 0.01;
  EXPECT_EQ(Align(reference, moving, Motion::kAffine, limits).outcome, Outcome::kBeyondLimits);
}

TEST(Align, TheSameImagesGiveTheSameBits) {
  const test::MovedPatient patient(81, 0);
  AffineMap truth;
  truth.shift_mm = {3, -2, 1};
  const Volume reference = AtResolution(patient.Scan(Contrast::kT2), 3);
  const Volume moving = AtResolution(patient.Scan(Contrast::kT1c, truth), 3);
  const Alignment a = Align(reference, moving, Motion::kAffine), b = Align(reference, moving, Motion::kAffine);
  EXPECT_EQ(a.proposed, b.proposed);
  EXPECT_EQ(a.after.edges, b.after.edges);
}

TEST(Compare, EdgesThatCoincideAgreeMoreThanMovedOnes) {
  const test::MovedPatient patient(82, 0);
  const Volume reference = AtResolution(patient.Scan(Contrast::kT2), 2);
  image::Warp moved;
  moved.source_from_target.shift_mm = {4, 0, 0};
  const Comparison comparison = Compare(reference, reference, {}, moved);
  EXPECT_GT(comparison.before.edges, 1.5 * comparison.after.edges);
  EXPECT_GT(comparison.before.mutual_information, comparison.after.mutual_information + 0.1);
}

}  // namespace
}  // namespace parotis::align
