#include "maps/decay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "tests/support/decay_curves.h"
#include "tests/support/errors.h"

namespace parotis::maps {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<double> kIvimB = {0, 10, 20, 40, 80, 120, 200, 400, 600, 800};
const std::vector<double> kHighB = {200, 500, 1000, 1500, 2000};
const std::vector<double> kAllB = {0, 20, 40, 80, 120, 200, 400, 600, 800, 1000, 1500, 2000};

double Between(double low, double high) { return low + (high - low) * *rc::gen::inRange(0, 10001) / 10000.0; }

// Within the model's validity up to b 2000: b < 3 / (D K).
test::Decay AnyTissue() {
  test::Decay tissue{Between(50, 4000), Between(300, 2200), Between(0.05, 0.35), Between(10000, 90000), 0};
  tissue.k = Between(0.1, std::min(1.6, 0.95 * 3 / (2000 * tissue.d_um2_s * 1e-6)));
  return tissue;
}

DecayOptions AllAtOnce() {
  DecayOptions options;
  options.hold_slow_part = false;
  return options;
}

RC_GTEST_PROP(Decay, AnExactBiExponentialGivesBackItsPerfusion, ()) {
  test::Decay truth = AnyTissue();
  truth.k = 0;
  const auto volumes = test::VolumesOf({truth}, kIvimB, 0, 1, 1);
  const DecayMaps maps = FitIvim(test::Pointers(volumes), kIvimB, AllAtOnce());
  RC_ASSERT(std::abs(maps.d_um2_s.voxels[0] / truth.d_um2_s - 1) < 2e-3);
  RC_ASSERT(std::abs(maps.perfusion.voxels[0] / truth.f - 1) < 5e-3);
  RC_ASSERT(std::abs(maps.dstar_um2_s.voxels[0] / truth.dstar_um2_s - 1) < 5e-3);
  RC_ASSERT(std::abs(maps.s0.voxels[0] / truth.s0 - 1) < 1e-3);
  RC_ASSERT(maps.residual.voxels[0] < 1e-5);
}

RC_GTEST_PROP(Decay, AnExactKurtosisIsGivenBack, ()) {
  test::Decay truth = AnyTissue();
  truth.f = 0;
  const auto volumes = test::VolumesOf({truth}, kHighB, 0, 1, 1);
  const DecayMaps maps = FitKurtosis(test::Pointers(volumes), kHighB);
  RC_ASSERT(std::abs(maps.d_um2_s.voxels[0] / truth.d_um2_s - 1) < 1e-3);
  RC_ASSERT(std::abs(maps.kurtosis.voxels[0] - truth.k) < 2e-3);
  RC_ASSERT(maps.residual.voxels[0] < 1e-5);
}

RC_GTEST_PROP(Decay, PerfusionAndKurtosisTogetherAreGivenBack, ()) {
  const test::Decay truth = AnyTissue();
  const auto volumes = test::VolumesOf({truth}, kAllB, 0, 1, 1);
  const DecayMaps maps = FitIvimKurtosis(test::Pointers(volumes), kAllB, AllAtOnce());
  RC_ASSERT(std::abs(maps.d_um2_s.voxels[0] / truth.d_um2_s - 1) < 0.01);
  RC_ASSERT(std::abs(maps.perfusion.voxels[0] - truth.f) < 0.005);
  RC_ASSERT(std::abs(maps.dstar_um2_s.voxels[0] / truth.dstar_um2_s - 1) < 0.02);
  RC_ASSERT(std::abs(maps.kurtosis.voxels[0] - truth.k) < 0.02);
}

// What of the fast part is left at b 200 is all that goes wrong without noise.
TEST(Decay, WithTheSlowPartHeldTheTissuesComeOutUpToWhatIsLeftOfPerfusionAtB200) {
  for (const auto& [name, truth] : test::kTissues) {
    const auto volumes = test::VolumesOf({truth}, kAllB, 0, 1, 1);
    const DecayMaps maps = FitIvimKurtosis(test::Pointers(volumes), kAllB);
    const double left = truth.f * std::exp(-200e-6 * truth.dstar_um2_s);
    EXPECT_NEAR(maps.d_um2_s.voxels[0] / truth.d_um2_s, 1, 1e-3 + 3 * left) << name;
    EXPECT_NEAR(maps.perfusion.voxels[0], truth.f, 1e-3 + 3 * left) << name;
    EXPECT_NEAR(maps.kurtosis.voxels[0], truth.k, 5e-3 + 6 * left) << name;
  }
}

TEST(Decay, TheSlowPartOfKurtosisFallsUpToTheHighestBValue) {
  // A signal that rises again: K would be far above 3 / (D b).
  std::vector<image::Volume> volumes = test::VolumesOf({{1000, 1000, 0, 0, 0}}, kHighB, 0, 1, 1);
  volumes.back().voxels[0] = 400;
  const DecayMaps maps = FitKurtosis(test::Pointers(volumes), kHighB);
  const double bound = 3 / (2000 * 1e-6 * maps.d_um2_s.voxels[0]);
  EXPECT_LE(maps.kurtosis.voxels[0], std::min(3.0, bound * (1 + 1e-6)));
  EXPECT_GT(maps.residual.voxels[0], 0.01);
}

TEST(Decay, WhereNoPerfusionIsSeenDstarIsZero) {
  const auto volumes = test::VolumesOf({{1000, 900, 0, 0, 0}}, kIvimB, 0, 1, 1);
  const DecayMaps maps = FitIvim(test::Pointers(volumes), kIvimB);
  EXPECT_NEAR(maps.perfusion.voxels[0], 0, 1e-3);
  EXPECT_EQ(maps.dstar_um2_s.voxels[0], 0);
}

TEST(Decay, AirAndVoxelsWithoutSignalAreNotFitted) {
  const test::Decay tissue = test::kTissues[1].decay;
  auto volumes = test::VolumesOf({tissue, tissue, tissue, tissue}, kIvimB, 0, 1, 1);
  for (image::Volume& volume : volumes) volume.voxels[0] = 0;
  volumes[3].voxels[1] = std::nanf("");
  for (image::Volume& volume : volumes) volume.voxels[2] = 25;  // 2.5 σ
  DecayOptions options;
  options.sigma = 10;
  const DecayMaps maps = FitIvim(test::Pointers(volumes), kIvimB, options);
  EXPECT_THAT(maps.fitted.voxels, ElementsAre(0, 0, 0, 1));
  for (const image::Volume* map : {&maps.d_um2_s, &maps.perfusion, &maps.dstar_um2_s, &maps.s0, &maps.residual})
    EXPECT_EQ(map->voxels[2], 0);
}

TEST(Decay, OnlyTheMaskIsFitted) {
  const auto volumes = test::VolumesOf({test::kTissues[0].decay, test::kTissues[0].decay}, kIvimB, 0, 1, 1);
  image::LabelVolume mask(volumes.front().geometry);
  mask.voxels = {0, 1};
  DecayOptions options;
  options.mask = &mask;
  EXPECT_THAT(FitIvim(test::Pointers(volumes), kIvimB, options).fitted.voxels, ElementsAre(0, 1));
}

TEST(Decay, TheOrderOfTheVolumesAndTheNumberOfThreadsChangeNothing) {
  auto volumes = test::VolumesOf({test::kTissues[0].decay, test::kTissues[1].decay}, kAllB, 30, 3000, 5);
  DecayOptions one, many;
  one.sigma = many.sigma = 30;
  one.threads = 1, many.threads = 3;
  const DecayMaps first = FitIvimKurtosis(test::Pointers(volumes), kAllB, one);
  std::vector<double> reversed(kAllB.rbegin(), kAllB.rend());
  std::reverse(volumes.begin(), volumes.end());
  const DecayMaps second = FitIvimKurtosis(test::Pointers(volumes), reversed, many);
  EXPECT_EQ(first.dstar_um2_s.voxels, second.dstar_um2_s.voxels);
  EXPECT_EQ(first.kurtosis.voxels, second.kurtosis.voxels);
  EXPECT_EQ(first.residual.voxels, second.residual.voxels);
}

TEST(Decay, BValuesThatEnterAreThoseOfTheModelsRange) {
  const std::vector<double> b = {3000, 0, 50, 200, 600, 1000, 2000};
  const auto volumes = test::VolumesOf({test::kTissues[0].decay}, b, 0, 1, 1);
  EXPECT_THAT(FitIvim(test::Pointers(volumes), b).b_values_s_mm2, ElementsAre(0, 50, 200, 600, 1000));
  EXPECT_THAT(FitKurtosis(test::Pointers(volumes), b).b_values_s_mm2, ElementsAre(200, 600, 1000, 2000));
  EXPECT_THAT(FitIvimKurtosis(test::Pointers(volumes), b).b_values_s_mm2, ElementsAre(0, 50, 200, 600, 1000, 2000));
}

TEST(Decay, WhatTheBValuesLackIsSaid) {
  EXPECT_EQ(IvimNeeds(std::vector<double>{0, 50, 400, 800}), "");
  EXPECT_THAT(IvimNeeds(std::vector<double>{50, 100, 400, 800}), HasSubstr("needs an image at b 0"));
  EXPECT_THAT(IvimNeeds(std::vector<double>{0, 1, 400, 800}), HasSubstr("two b-values below 200"));
  EXPECT_THAT(IvimNeeds(std::vector<double>{0, 50, 800, 2000}), HasSubstr("from 200 to 1000"));
  EXPECT_EQ(KurtosisNeeds(std::vector<double>{0, 500, 1000, 1500}), "");
  EXPECT_THAT(KurtosisNeeds(std::vector<double>{0, 1000, 2000}), HasSubstr("three b-values from 200"));
  EXPECT_THAT(KurtosisNeeds(std::vector<double>{0, 300, 600, 1000}), HasSubstr("1500 s/mm² or more"));
  EXPECT_EQ(IvimKurtosisNeeds(std::vector<double>{0, 50, 500, 1000, 1500}), "");
  EXPECT_THAT(IvimKurtosisNeeds(std::vector<double>{0, 500, 1000, 1500}), HasSubstr("two b-values below 200"));
}

TEST(Decay, BadInputIsRefusedInOneSentence) {
  auto volumes = test::VolumesOf({test::kTissues[0].decay}, kIvimB, 0, 1, 1);
  const auto fit = [&](const std::vector<double>& b) {
    return test::ErrorOf([&] { FitIvim(test::Pointers(volumes), b); });
  };
  EXPECT_THAT(fit({0, 100, 400}), HasSubstr("10 volumes and 3 b-values: give one each"));
  EXPECT_THAT(fit({0, 10, 20, 40, 80, 120, 200, 400, 600, -800}), HasSubstr("a b-value of -800 s/mm² is none"));
  EXPECT_THAT(fit({0, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000}),
              HasSubstr("a perfusion map (IVIM) needs two b-values below 200"));
  volumes[4].geometry.origin_world[2] = 5;
  EXPECT_THAT(fit(kIvimB), HasSubstr("needs volumes on one grid; resample them"));
}

}  // namespace
}  // namespace parotis::maps
