#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "base/error.h"
#include "base/random.h"
#include "dataset/body_mask.h"
#include "dataset/dataset.h"
#include "prepare/prepare.h"
#include "tests/prepare/examples.h"
#include "tests/support/temporary_folder.h"

namespace parotis::prepare {
namespace {

using dataset::BodyMask;
using image::Vector3;

constexpr image::Matrix3 kIdentity = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

image::Geometry Grid() { return test::CentredGrid(kIdentity, {120, 100, 24}, {1, 1, 4}); }

double Share(const image::LabelVolume& mask) {
  return std::accumulate(mask.voxels.begin(), mask.voxels.end(), 0.0) / static_cast<double>(mask.voxels.size());
}

// How much of the body is in the mask, and how much of the air.
std::array<double, 2> Kept(const image::LabelVolume& mask) {
  std::array<double, 2> kept{};
  std::array<double, 2> all{};
  const auto body = test::Drawn<std::uint8_t>(mask.geometry, test::InBody);
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) {
    all[1 - body.voxels[v]] += 1;
    kept[1 - body.voxels[v]] += mask.voxels[v];
  }
  return {kept[0] / all[0], kept[1] / all[1]};
}

TEST(BodyMask, FindsTheBodyUnderRicianNoiseAndAnUnevenCoil) {
  base::Random random(1);
  const auto noisy = test::Drawn<float>(Grid(), [&](const Vector3& p) {
    const double coil = 0.3 + 0.7 * std::pow((p[1] + 50) / 100, 2);  // the front receives a third
    const double signal = test::InBody(p) ? 100 * coil : 0;
    return std::hypot(signal + random.Normal(0, 6), random.Normal(0, 6));
  });
  const auto [body, air] = Kept(BodyMask(noisy));
  EXPECT_GT(body, 0.97);
  EXPECT_LT(air, 0.06);
}

TEST(BodyMask, KeepsDarkTissueThatTheBodySurrounds) {
  const auto hollow = test::Drawn<float>(Grid(), [](const Vector3& p) {
    return test::InLesion(p) ? 0 : test::InBody(p) ? 100 : 0;
  });
  EXPECT_GT(Kept(BodyMask(hollow))[0], 0.97);
}

TEST(BodyMask, LeavesOutSpecksInTheAir) {
  auto speck = test::Drawn<float>(Grid(), [](const Vector3& p) { return test::InBody(p) ? 100 : 0; });
  for (std::int64_t i = 2; i < 8; ++i) speck.At(i, 4, 3) = speck.At(i, 5, 3) = 300;
  EXPECT_EQ(BodyMask(speck).At(4, 4, 3), 0);
}

TEST(BodyMask, IsAllTrueWhereThereIsNoAir) {
  base::Random random(2);
  EXPECT_EQ(Share(BodyMask(image::Volume(Grid(), 7))), 1);
  EXPECT_EQ(Share(BodyMask(image::Volume(Grid(), 0))), 1);
  const auto tissue = test::Drawn<float>(
      Grid(), [&](const Vector3& p) { return (test::InLesion(p) ? 40 : 100) + random.Normal(0, 10); });
  EXPECT_EQ(Share(BodyMask(tissue)), 1);
}

TEST(BodyMask, OfACaseIsWhatAnyChannelShowsAndNeverNoiseOfTheAdc) {
  base::Random random(3);
  dataset::Case examination = test::ExampleCase(Grid());
  examination.channel_names = {"T2", "B0", "ADC"};
  const auto left = test::Drawn<float>(Grid(), [](const Vector3& p) { return test::InBody(p) && p[0] > 0 ? 100 : 0; });
  const auto right = test::Drawn<float>(Grid(), [](const Vector3& p) { return test::InBody(p) && p[0] < 0 ? 50 : 0; });
  const auto adc =
      test::Drawn<float>(Grid(), [&](const Vector3& p) { return test::InBody(p) ? 1000 : random.Uniform(0, 5000); });
  examination.channels = {left, right, adc};
  const auto [body, air] = Kept(BodyMask(examination));
  EXPECT_GT(body, 0.97);
  EXPECT_LT(air, 0.06);
}

TEST(BodyMask, KeepsWholeCropsFromWithinTheHeadOfPublicData) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const dataset::Dataset data = dataset::OpenDataset(test::SharedData() / "hippocampus");
  for (std::size_t at = 0; at < data.cases.size(); at += 20) {
    const dataset::Case examination = dataset::LoadCase(data, data.cases[at].id);
    const image::LabelVolume mask = BodyMask(examination);
    for (std::size_t v = 0; v < mask.voxels.size(); ++v) {
      if (examination.truth && examination.truth->voxels[v] != 0) {
        ASSERT_EQ(mask.voxels[v], 1) << examination.id;
      }
    }
  }
}

std::vector<float> PreparedValues(const dataset::Case& examination, plan::ChannelPlan channel) {
  plan::Plan plan = test::ExamplePlan({channel});
  plan.preparation.spacing_mm = {1, 1, 4};
  plan.preparation.crop = plan::CropRule::kNone;
  return Prepare(examination, plan, {channel.name}).image;
}

TEST(Normalisation, RobustPutsTheMedianOfTheBodyAtZeroAndTheBulkWithinOne) {
  dataset::Case examination = test::ExampleCase(Grid());
  base::Random random(4);
  examination.channels[0] =
      test::Drawn<float>(Grid(), [&](const Vector3& p) { return test::InBody(p) ? random.Uniform(0, 2000) : 0; });
  const std::vector<float> values = PreparedValues(examination, {.name = "T2"});
  // Median 1000; 99 % lie from 10 to 1990, halved 990. Blocks at the border hold a little air.
  for (std::size_t v = 0; v < values.size(); v += 97) {
    const float raw = examination.channels[0].voxels[v];
    if (raw > 0) {
      EXPECT_NEAR(values[v], (raw - 1000) / 990, 0.12);
    }
  }
}

TEST(Normalisation, RobustIsTheSameWhateverTheUnitOfIntensity) {
  dataset::Case examination = test::ExampleCase(Grid());
  base::Random random(5);
  examination.channels[0] = test::Drawn<float>(
      Grid(), [&](const Vector3& p) { return test::InBody(p) ? random.Uniform(0.5, 1.5) : random.Uniform(0, 0.05); });
  const std::vector<float> unit = PreparedValues(examination, {.name = "T2"});
  for (const float factor : {1e-3F, 112.0F, 1.7e6F}) {
    dataset::Case scaled = examination;
    for (float& value : scaled.channels[0].voxels) value *= factor;
    const std::vector<float> values = PreparedValues(scaled, {.name = "T2"});
    for (std::size_t v = 0; v < values.size(); v += 31) ASSERT_NEAR(values[v], unit[v], 1e-3) << factor;
  }
}

TEST(Normalisation, RobustClipsOutliersAndSurvivesConstantsAndNearlyConstantImages) {
  dataset::Case examination = test::ExampleCase(Grid());
  examination.channels[0].voxels[5] = 1e9F;
  const std::vector<float> clipped = PreparedValues(examination, {.name = "T2"});
  EXPECT_EQ(*std::max_element(clipped.begin(), clipped.end()), 5);
  examination.channels[0] = image::Volume(Grid(), 42);
  EXPECT_THAT(PreparedValues(examination, {.name = "T2"}), testing::Each(0));
  examination.channels[0].voxels[5] = 43;
  for (const float value : PreparedValues(examination, {.name = "T2"})) EXPECT_LE(std::abs(value), 5);
}

TEST(Normalisation, PhysicalKeepsWhatAVoxelMeans) {
  dataset::Case examination = test::ExampleCase(Grid());
  examination.channel_names = {"ADC"};
  examination.channels[0] = test::Drawn<float>(Grid(), [](const Vector3& p) { return test::InLesion(p) ? 1800 : 600; });
  const std::vector<float> values = PreparedValues(
      examination, {.name = "ADC", .normalisation = plan::Normalisation::kPhysical, .offset = 1200, .scale = 600});
  for (std::size_t v = 0; v < values.size(); ++v)
    ASSERT_EQ(values[v], examination.channels[0].voxels[v] == 1800 ? 1 : -1);
}

TEST(Normalisation, AChannelDoesNotDependOnTheOthers) {
  dataset::Case examination = test::ExampleCase(Grid());
  examination.channel_names = {"T2", "B0"};
  examination.channels.push_back(
      test::Drawn<float>(Grid(), [](const Vector3& p) { return test::InBody(p) ? 10 + p[0] / 10 : 0; }));
  plan::Plan plan = test::ExamplePlan({{.name = "T2"}, {.name = "B0"}});
  const PreparedCase both = Prepare(examination, plan, {"T2", "B0"});
  const PreparedCase alone = Prepare(examination, plan, {"B0"});
  const auto plane = static_cast<std::size_t>(both.rows() * both.columns());
  for (std::size_t slice = 0; slice < static_cast<std::size_t>(both.slices()); ++slice) {
    for (std::size_t v = 0; v < plane; ++v)
      ASSERT_EQ(both.image[(2 * slice + 1) * plane + v], alone.image[slice * plane + v]);
  }
}

TEST(Normalisation, ValuesBeyondHalfPrecisionAreRefusedWithARemedy) {
  dataset::Case examination = test::ExampleCase(Grid());
  for (float& value : examination.channels[0].voxels) value *= 1e4F;
  try {
    PreparedValues(examination, {.name = "T2", .normalisation = plan::Normalisation::kNone});
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("robust"));
  }
}

}  // namespace
}  // namespace parotis::prepare
