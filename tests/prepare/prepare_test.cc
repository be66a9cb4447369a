#include "prepare/prepare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numbers>

#include "base/error.h"
#include "image/resample.h"
#include "tests/prepare/examples.h"
#include "tests/support/geometries.h"
#include "tests/support/shapes.h"
#include "tests/support/small_plan.h"

namespace parotis::prepare {
namespace {

using image::Geometry;
using image::Vector3;
using testing::ElementsAre;

constexpr image::Matrix3 kIdentity = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

// One-hot probabilities of the prepared labels.
std::vector<float> OneHot(const std::vector<std::uint8_t>& labels, std::size_t label_count) {
  std::vector<float> probabilities(label_count * labels.size());
  for (std::size_t v = 0; v < labels.size(); ++v) probabilities[labels[v] * labels.size() + v] = 1;
  return probabilities;
}

double DiceAfterThereAndBack(const dataset::Case& examination, const plan::Plan& plan) {
  const PreparedCase prepared = Prepare(examination, plan, {"T2"});
  const std::vector<image::Volume> restored = Restore(prepared, OneHot(prepared.labels, 2), 2);
  EXPECT_TRUE(image::SameGrid(restored[1].geometry, examination.grid, 1e-9));
  double both = 0;
  double sum = 0;
  for (std::size_t v = 0; v < examination.truth->voxels.size(); ++v) {
    const int truth = examination.truth->voxels[v];
    const int back = restored[1].voxels[v] > 0.5F;
    both += truth * back;
    sum += truth + back;
  }
  return sum == 0 ? 1 : 2 * both / sum;
}

TEST(PrepareAndRestore, BringALesionBackForAllAxisOrientations) {
  for (const image::Matrix3& direction : test::AxisOrientations()) {
    const Geometry grid = test::CentredGrid(direction, {100, 80, 48}, {1, 1, 4});
    EXPECT_GE(DiceAfterThereAndBack(test::ExampleCase(grid), test::ExamplePlan()), 0.9) << image::OrientationOf(grid);
  }
}

RC_GTEST_PROP(PrepareAndRestore, BringALesionBackForObliqueCasesOfAnyHandedness, (const std::uint64_t seed)) {
  base::Random random(seed);
  const Vector3 spacing = {random.Uniform(0.8, 1.8), random.Uniform(0.8, 1.8), random.Uniform(2, 4)};
  Geometry grid = test::CentredGrid(test::RandomDirection(random), {110, 110, 80}, spacing);
  plan::Plan plan = test::ExamplePlan();
  plan.preparation.slice_axis = static_cast<int>(random.Integer(3));
  plan.preparation.spacing_mm = {random.Uniform(0.8, 1.8), random.Uniform(0.8, 1.8), random.Uniform(2, 4)};
  RC_ASSERT(DiceAfterThereAndBack(test::ExampleCase(grid), plan) >= 0.9);
}

// Every voxel holds its own world coordinate along `axis`, shifted to be positive.
dataset::Case CoordinateCase(const Geometry& grid, int axis) {
  dataset::Case examination = test::ExampleCase(grid);
  examination.channels = {test::Drawn<float>(grid, [&](const Vector3& p) { return p[axis] + 100; })};
  examination.channel_names = {"coordinate"};
  return examination;
}

plan::Plan UntouchedPlan() {
  plan::Plan plan = test::ExamplePlan({{.name = "coordinate", .normalisation = plan::Normalisation::kNone}});
  plan.preparation.crop = plan::CropRule::kNone;
  plan.preparation.spacing_mm = {1, 1, 4};
  return plan;
}

TEST(Prepare, ColumnsRunToTheLeftRowsToTheBackAndSlicesToTheHeadWhateverTheAcquisition) {
  for (const image::Matrix3& direction : test::AxisOrientations()) {
    const Geometry grid = test::CentredGrid(direction, {12, 10, 16}, {1, 1, 4});
    for (int axis = 0; axis < 3; ++axis) {
      const PreparedCase prepared = Prepare(CoordinateCase(grid, axis), UntouchedPlan(), {"coordinate"});
      ASSERT_THAT(prepared.network_grid.size, ElementsAre(12, 10, 4));
      const std::int64_t stride = std::array<std::int64_t, 3>{1, 12, 120}[static_cast<std::size_t>(axis)];
      const float step = axis == 2 ? 4 : 1;
      EXPECT_FLOAT_EQ(prepared.image[static_cast<std::size_t>(stride)] - prepared.image[0], step)
          << image::OrientationOf(grid);
    }
  }
}

TEST(Prepare, CoronalAndSagittalPlansSeeTheirOwnPlanes) {
  const Geometry grid = test::CentredGrid(kIdentity, {12, 10, 8}, {1, 1, 1});
  plan::Plan plan = UntouchedPlan();
  plan.preparation.spacing_mm = {1, 1, 1};
  plan.preparation.slice_axis = 1;  // columns to the left, rows to the head
  EXPECT_THAT(Prepare(CoordinateCase(grid, 2), plan, {"coordinate"}).network_grid.size, ElementsAre(12, 8, 10));
  const PreparedCase coronal = Prepare(CoordinateCase(grid, 2), plan, {"coordinate"});
  EXPECT_EQ(coronal.image[12] - coronal.image[0], 1);
  plan.preparation.slice_axis = 0;  // columns to the back, rows to the head
  const PreparedCase sagittal = Prepare(CoordinateCase(grid, 1), plan, {"coordinate"});
  EXPECT_THAT(sagittal.network_grid.size, ElementsAre(10, 8, 12));
  EXPECT_EQ(sagittal.image[1] - sagittal.image[0], 1);
}

TEST(Prepare, CopiesVoxelsBitForBitWhenTheCaseHasThePlansSpacing) {
  base::Random random(1);
  dataset::Case examination = CoordinateCase(test::CentredGrid(kIdentity, {12, 10, 16}, {1.004, 0.997, 4}), 0);
  for (float& value : examination.channels[0].voxels) value = static_cast<float>(random.Normal());
  const PreparedCase prepared = Prepare(examination, UntouchedPlan(), {"coordinate"});
  EXPECT_EQ(prepared.image, examination.channels[0].voxels);
}

TEST(Prepare, ObliqueCasesKeepTheirOwnObliquity) {
  const double angle = 20 * std::numbers::pi / 180;
  const image::Matrix3 tilted = {
      {{1, 0, 0}, {0, std::cos(angle), -std::sin(angle)}, {0, std::sin(angle), std::cos(angle)}}};
  const dataset::Case examination = CoordinateCase(test::CentredGrid(tilted, {12, 10, 16}, {1, 1, 4}), 1);
  const PreparedCase prepared = Prepare(examination, UntouchedPlan(), {"coordinate"});
  EXPECT_TRUE(image::SameGrid(prepared.network_grid, examination.grid, 1e-9));
  EXPECT_EQ(prepared.image, examination.channels[0].voxels);
}

TEST(Prepare, ThickSlicesStayWhereTheyWereAcquired) {
  for (const double thickness : {3.0, 4.4, 5.0, 7.0}) {
    const dataset::Case examination =
        CoordinateCase(test::CentredGrid(kIdentity, {6, 6, 6 * thickness}, {1, 1, thickness}), 2);
    const PreparedCase prepared = Prepare(examination, UntouchedPlan(), {"coordinate"});
    EXPECT_EQ(prepared.network_grid.spacing_mm[2], thickness);
    EXPECT_EQ(prepared.image, examination.channels[0].voxels);
  }
}

TEST(Prepare, ThinSlicesAreAveragedToThePlansThickness) {
  const Geometry grid = test::CentredGrid(kIdentity, {6, 6, 48}, {1, 1, 1});
  dataset::Case examination = CoordinateCase(grid, 2);
  for (std::size_t v = 0; v < examination.channels[0].voxels.size(); ++v) {
    examination.channels[0].voxels[v] = v / 36 % 2 == 0 ? 0 : 100;  // every other slice
  }
  const PreparedCase prepared = Prepare(examination, UntouchedPlan(), {"coordinate"});
  EXPECT_EQ(prepared.slices(), 12);
  EXPECT_EQ(prepared.network_grid.spacing_mm[2], 4);
  // Away from the ends, where half the neighbours are missing.
  for (std::size_t v = 36; v < prepared.image.size() - 36; ++v) EXPECT_NEAR(prepared.image[v], 50, 1);
  EXPECT_DOUBLE_EQ(prepared.network_grid.origin_world[2], grid.origin_world[2] + 1.5);  // the middle of four
}

TEST(Prepare, ANewSpacingCoversTheSameFieldOfViewCentred) {
  const dataset::Case examination = CoordinateCase(test::CentredGrid(kIdentity, {60, 40, 16}, {1, 1, 4}), 0);
  plan::Plan plan = UntouchedPlan();
  plan.preparation.spacing_mm = {1.5, 0.7, 4};
  const PreparedCase prepared = Prepare(examination, plan, {"coordinate"});
  EXPECT_THAT(prepared.network_grid.size, ElementsAre(40, 57, 4));
  EXPECT_DOUBLE_EQ(prepared.network_grid.origin_world[0], -29.25);
  EXPECT_DOUBLE_EQ(prepared.network_grid.origin_world[1], -0.7 * 28);
  for (std::int64_t c = 0; c < 40; ++c)
    EXPECT_NEAR(prepared.image[static_cast<std::size_t>(c)], 100 - 29.25 + 1.5 * c, 1e-3);
}

TEST(Prepare, TheCropKeepsTheBodyAndItsMarginAndEverySlice) {
  dataset::Case examination = test::ExampleCase(test::CentredGrid(kIdentity, {160, 140, 48}, {1, 1, 4}));
  std::fill_n(examination.channels[0].voxels.begin(), 4 * 160 * 140, 0.0F);  // the first four slices are empty
  plan::Plan plan = test::ExamplePlan();
  plan.preparation.spacing_mm = {1, 1, 4};
  plan.preparation.crop = plan::CropRule::kNonzero;
  plan.preparation.crop_margin_mm = 5;
  // The body's outermost voxel centres lie at ±39.5 and ±29.5 mm.
  const Geometry grid = NetworkGrid(examination, plan);
  EXPECT_THAT(grid.size, ElementsAre(80 + 10, 60 + 10, 12));
  EXPECT_THAT(grid.origin_world, ElementsAre(-44.5, -34.5, -22));
  plan.preparation.crop = plan::CropRule::kBody;  // found on blocks of 2 mm
  const Geometry body = NetworkGrid(examination, plan);
  EXPECT_NEAR(static_cast<double>(body.size[0]), 90, 2);
  EXPECT_NEAR(static_cast<double>(body.size[1]), 70, 2);
  EXPECT_EQ(body.size[2], 12);
  plan.preparation.crop_margin_mm = 1000;
  EXPECT_TRUE(image::SameGrid(NetworkGrid(examination, plan), examination.grid));
}

TEST(Prepare, TheTruthChangesNothingButTheLabels) {
  dataset::Case examination = test::ExampleCase(test::CentredGrid(kIdentity, {100, 80, 48}, {1, 1, 4}));
  const PreparedCase with = Prepare(examination, test::ExamplePlan(), {"T2"});
  for (auto& label : examination.truth->voxels) label = 1;
  const PreparedCase other = Prepare(examination, test::ExamplePlan(), {"T2"});
  examination.truth.reset();
  const PreparedCase without = Prepare(examination, test::ExamplePlan(), {"T2"});
  EXPECT_EQ(with.image, without.image);
  EXPECT_EQ(with.image, other.image);
  EXPECT_TRUE(without.labels.empty());
}

TEST(Prepare, LabelsLieOnTheImageTheyWereDrawnOn) {
  const dataset::Case examination = test::ExampleCase(test::CentredGrid(kIdentity, {100, 80, 48}, {1, 1, 4}));
  plan::Plan plan = test::ExamplePlan({{.name = "T2", .normalisation = plan::Normalisation::kNone}});
  const PreparedCase prepared = Prepare(examination, plan, {"T2"});
  // Agreement of bright voxels with labels that lie `shift` voxels further.
  const auto dice = [&](std::int64_t shift) {
    double both = 0;
    double sum = 0;
    for (std::int64_t v = prepared.rows() * prepared.columns(); v < prepared.network_grid.voxel_count(); ++v) {
      const double bright = prepared.image[static_cast<std::size_t>(v)] > 150;
      const auto at = static_cast<std::size_t>((v + shift) % prepared.network_grid.voxel_count());
      both += bright * prepared.labels[at];
      sum += bright + prepared.labels[at];
    }
    return 2 * both / sum;
  };
  EXPECT_GT(dice(0), 0.96);
  for (const std::int64_t step : {std::int64_t{1}, prepared.columns(), prepared.rows() * prepared.columns()}) {
    EXPECT_LT(dice(step), 0.95);
    EXPECT_LT(dice(-step), 0.95);
  }
}

TEST(Prepare, ChannelsComeInTheOrderAskedFor) {
  dataset::Case examination = test::ExampleCase(test::CentredGrid(kIdentity, {8, 6, 8}, {1, 1, 4}));
  examination.channel_names = {"A", "B"};
  examination.channels = {image::Volume(examination.grid, 1), image::Volume(examination.grid, 2)};
  plan::Plan plan = test::ExamplePlan({{.name = "A", .normalisation = plan::Normalisation::kNone},
                                       {.name = "B", .normalisation = plan::Normalisation::kNone}});
  plan.preparation.spacing_mm = {1, 1, 4};
  const PreparedCase prepared = Prepare(examination, plan, {"B", "A"});
  // [slices, channels, rows, columns]
  EXPECT_EQ(prepared.image[0], 2);
  EXPECT_EQ(prepared.image[48], 1);
  EXPECT_EQ(prepared.image[96], 2);
}

TEST(Prepare, AMissingChannelIsNamed) {
  const dataset::Case examination = test::ExampleCase(test::CentredGrid(kIdentity, {8, 6, 8}, {1, 1, 4}));
  try {
    Prepare(examination, test::ExamplePlan({{.name = "T2"}, {.name = "ADC"}}), {"T2", "ADC"});
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::kInput);
    EXPECT_THAT(error.what(), testing::HasSubstr("no channel ADC"));
  }
}

TEST(Restore, TheBackgroundIsCertainOutsideTheCrop) {
  const dataset::Case examination = test::ExampleCase(test::CentredGrid(kIdentity, {160, 140, 48}, {1, 1, 4}));
  const PreparedCase prepared = Prepare(examination, test::ExamplePlan(), {"T2"});
  const auto count = static_cast<std::size_t>(prepared.network_grid.voxel_count());
  std::vector<float> probabilities(3 * count, 0);
  std::fill(probabilities.begin() + static_cast<std::ptrdiff_t>(2 * count), probabilities.end(), 1.0F);
  const std::vector<image::Volume> restored = Restore(prepared, probabilities, 3);
  EXPECT_EQ(restored[0].At(0, 0, 0), 1);
  EXPECT_EQ(restored[2].At(0, 0, 0), 0);
  EXPECT_EQ(restored[2].At(80, 70, 6), 1);
  EXPECT_EQ(restored[0].At(80, 70, 6), 0);
}

RC_GTEST_PROP(Restore, ProbabilitiesSumToOneEverywhere, (const std::uint64_t seed)) {
  base::Random random(seed);
  PreparedCase prepared;
  prepared.network_grid = test::RandomGeometry(random, 8);
  prepared.case_grid = test::RandomGeometry(random, 8);
  prepared.case_grid.origin_world = prepared.network_grid.origin_world;
  const auto count = static_cast<std::size_t>(prepared.network_grid.voxel_count());
  std::vector<float> probabilities(3 * count);
  for (std::size_t v = 0; v < count; ++v) {
    const double a = random.Uniform();
    const double b = random.Uniform(0, 1 - a);
    probabilities[v] = static_cast<float>(a);
    probabilities[count + v] = static_cast<float>(b);
    probabilities[2 * count + v] = static_cast<float>(1 - a - b);
  }
  const std::vector<image::Volume> restored = Restore(prepared, probabilities, 3);
  for (std::size_t v = 0; v < restored[0].voxels.size(); ++v) {
    RC_ASSERT(std::abs(restored[0].voxels[v] + restored[1].voxels[v] + restored[2].voxels[v] - 1) < 1e-5);
  }
}

TEST(Restore, ProbabilitiesThatDoNotFitTheGridAreOurOwnMistake) {
  PreparedCase prepared;
  prepared.network_grid = prepared.case_grid = test::CentredGrid(kIdentity, {8, 6, 8}, {1, 1, 4});
  EXPECT_THROW(Restore(prepared, std::vector<float>(95), 1), base::Error);
}

TEST(Prepare, AMissingChannelIsZeroForAPlanThatServesSubsetsAndAnErrorForAnyOther) {
  dataset::Case examination = test::ShapesCase(0);
  plan::Plan plan = test::SmallPlan();
  const PreparedCase whole = Prepare(examination, plan, {"A", "B"});
  examination.channels.erase(examination.channels.begin());
  examination.channel_names.erase(examination.channel_names.begin());
  EXPECT_THROW(Prepare(examination, plan, {"A", "B"}), base::Error);
  plan.augmentation.channel_dropout = 0.2;
  const PreparedCase part = Prepare(examination, plan, {"A", "B"});
  const auto plane = static_cast<std::size_t>(part.rows() * part.columns());
  for (std::size_t i = 0; i < part.image.size(); ++i)
    ASSERT_EQ(part.image[i], i / plane % 2 == 0 ? 0.0F : whole.image[i]);
  examination.channel_names = {"C"};
  EXPECT_THROW(Prepare(examination, plan, {"A", "B"}), base::Error) << "nothing is left";
}

}  // namespace
}  // namespace parotis::prepare
