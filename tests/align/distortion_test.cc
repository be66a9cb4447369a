#include "align/distortion.h"

#include <gtest/gtest.h>

#include "align/samples.h"
#include "tests/support/distorted.h"
#include "tests/support/moved_phantom.h"

namespace parotis::align {
namespace {

using image::Vector3;
using image::Volume;
using test::Contrast;

// Mean distance between the true shift and a correction's, over the head.
double ResidualOf(const Volume& reference, const Volume& moving, const test::ShiftField& truth,
                  const std::optional<image::LineDisplacement>& found) {
  const Volume coarse = AtResolution(reference, 4);
  const Samples head = DrawSamples(coarse, HeadOf(coarse, 0), 3000, 3);
  double sum_mm = 0;
  for (const Vector3& point : head.points_world) {
    const Vector3 index = image::VoxelFromWorld(moving.geometry, point);
    sum_mm += std::abs(truth.At(test::FromCentre(moving.geometry, index)) - (found ? found->At(point).shift_mm : 0));
  }
  return sum_mm / static_cast<double>(head.points_world.size());
}

TEST(Distortion, KnownFieldsAreHalvedOrBetter) {
  for (int n = 0; n < 2; ++n) {
    const test::MovedPatient patient(91, n);
    base::Random random(91, {static_cast<std::uint64_t>(n)});
    const test::ShiftField field = test::RandomField(random, 6 + 3.0 * n);
    const Volume reference = AtResolution(patient.Scan(Contrast::kT2), 1.6);
    const Volume b0 = test::Distorted(patient.Scan(Contrast::kB0), field, n);
    const Correction correction = CorrectDistortion(reference, b0, {}, n);
    EXPECT_EQ(correction.outcome, Outcome::kApplied) << correction.reason;
    EXPECT_GT(correction.after.edges, correction.before.edges);
    EXPECT_LT(ResidualOf(reference, b0, field, correction.displacement), 0.5 * ResidualOf(reference, b0, field, {}));
  }
}

TEST(Distortion, AnUndistortedImageIsLeftAlone) {
  const test::MovedPatient patient(92, 0);
  const Volume reference = AtResolution(patient.Scan(Contrast::kT2), 1.6);
  const Correction correction = CorrectDistortion(reference, patient.Scan(Contrast::kB0), {}, 1);
  EXPECT_NE(correction.outcome, Outcome::kApplied) << correction.reason;
  EXPECT_FALSE(correction.displacement.has_value());
}

TEST(Distortion, ShiftsBeyondTheLimitsAreNotUsed) {
  const test::MovedPatient patient(93, 1);
  base::Random random(93);
  const Volume reference = AtResolution(patient.Scan(Contrast::kT2), 2);
  const Volume b0 = test::Distorted(patient.Scan(Contrast::kB0), test::RandomField(random, 9), 1);
  DistortionLimits limits;
  limits.shift_mm = 1.5;
  EXPECT_EQ(CorrectDistortion(reference, b0, {}, 1, limits).outcome, Outcome::kBeyondLimits);
}

}  // namespace
}  // namespace parotis::align
