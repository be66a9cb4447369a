#include "intake/adc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstdio>

#include "base/error.h"
#include "base/random.h"
#include "dicom/index.h"
#include "intake/diffusion_channels.h"
#include "intake/log_linear.h"
#include "intake/vendor_adc.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake {
namespace {

image::Volume Uniform(float value) {
  return image::Volume(image::Geometry{{4, 4, 2}, {1, 1, 1}, {0, 0, 0}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}}, value);
}

WeightedVolume Weighted(double b, float value, const std::string& direction = "", bool trace = false) {
  return {b, direction, trace, Uniform(value)};
}

TEST(DiffusionFit, SignalThatFallsToOneEthAtB1000HasAnAdcOfAThousand) {
  const DiffusionFit fit = FitDiffusion({Weighted(0, 1000), Weighted(1000, 1000 * std::exp(-1.0F))});
  EXPECT_NEAR(fit.adc_um2_s.voxels[5], 1000, 0.1);
  EXPECT_NEAR(fit.s0.voxels[5], 1000, 0.1);
  EXPECT_NEAR(SignalAt(fit, 500).voxels[5], 1000 * std::exp(-0.5), 0.1);
}

RC_GTEST_PROP(DiffusionFit, RecoversAnyMonoExponentialDecay, (std::uint64_t seed)) {
  base::Random random(seed);
  std::vector<WeightedVolume> volumes;
  const double b_values[] = {random.Uniform(0, 100), random.Uniform(200, 500), random.Uniform(600, 1400)};
  std::vector<double> adc(32);
  std::vector<double> s0(32);
  for (std::size_t n = 0; n < 32; ++n) {
    adc[n] = random.Uniform(100, 3000);
    s0[n] = random.Uniform(1500, 5000);
  }
  for (const double b : b_values) {
    volumes.push_back(Weighted(b, 0));
    for (std::size_t n = 0; n < 32; ++n)
      volumes.back().volume.voxels[n] = static_cast<float>(s0[n] * std::exp(-b * adc[n] * 1e-6));
  }
  const DiffusionFit fit = FitDiffusion(volumes);
  for (std::size_t n = 0; n < 32; ++n) {
    RC_ASSERT(std::abs(fit.adc_um2_s.voxels[n] - adc[n]) < 0.01 * adc[n] + 1);
    RC_ASSERT(std::abs(fit.s0.voxels[n] - s0[n]) < 0.01 * s0[n]);
  }
}

// 1e-9 mm²/s is 0.001 µm²/s. The images are not rounded to whole numbers, only to single precision.
RC_GTEST_PROP(DiffusionFit, OfAnExactSeriesIsExactByBothFitsAndLeavesNoResidual, (std::uint64_t seed)) {
  base::Random random(seed);
  std::vector<WeightedVolume> volumes;
  std::vector<double> adc(32);
  for (double& each : adc) each = random.Uniform(100, 3000);
  for (const double b : {0.0, 50.0, 400.0, 800.0, 1000.0}) {
    volumes.push_back(Weighted(b, 0));
    for (std::size_t n = 0; n < 32; ++n)
      volumes.back().volume.voxels[n] = static_cast<float>(2000 * std::exp(-b * adc[n] * 1e-6));
  }
  const DiffusionFit fit = FitDiffusion(volumes);
  for (std::size_t n = 0; n < 32; ++n) {
    RC_ASSERT(std::abs(fit.adc_um2_s.voxels[n] - adc[n]) < 1e-3);
    RC_ASSERT(std::abs(fit.adc_weighted_um2_s.voxels[n] - adc[n]) < 1e-3);
    RC_ASSERT(fit.residual.voxels[n] < 1e-6F);
  }
}

// ln S = 7, 6, 5.2 at b = 0, 1000, 2000 (in units of 1000): the ordinary slope is −0.9. By hand with weights e^(2 ln S)
// of the measurements the last point hardly counts.
TEST(DiffusionFit, TheWeightedOneLeansOnStrongSignalsAndTheResidualShowsTheMisfit) {
  const std::vector<double> b = {0, 500, 1000};
  const std::vector<double> log_signal = {7, 6, 5.2};
  const Decay ordinary = FitOrdinary(b, log_signal);
  EXPECT_NEAR(ordinary.adc_mm2_s, 1.8e-3, 1e-12);
  EXPECT_NEAR(ordinary.log_s0, 6.0666667 + 0.9, 1e-6);
  const Decay weighted = FitWeighted(b, log_signal);
  EXPECT_GT(weighted.adc_mm2_s, 1.9e-3);
  EXPECT_LT(weighted.adc_mm2_s, 2e-3);
  // Shares of S0 = e^6.9667: measured 1.0339, 0.3801, 0.1708; fitted 1, 0.4066, 0.1653.
  EXPECT_NEAR(RelativeResidual(ordinary, b, log_signal), 0.02504, 1e-4);
}

TEST(DiffusionFit, BValuesInTheKurtosisRangeAreLeftOutWhileTwoOthersRemain) {
  EXPECT_THAT(FitDiffusion({Weighted(0, 100), Weighted(1000, 50), Weighted(2500, 40)}).b_values_s_mm2,
              testing::ElementsAre(0, 1000));
  EXPECT_THAT(FitDiffusion({Weighted(0, 100), Weighted(2500, 40)}).b_values_s_mm2, testing::ElementsAre(0, 2500));
}

TEST(DiffusionFit, AirBlankVoxelsAndRisingSignalHaveNoAdc) {
  WeightedVolume low = Weighted(0, 0);
  WeightedVolume high = Weighted(1000, 0);
  for (std::size_t n = 0; n < 32; ++n) {
    low.volume.voxels[n] = 6;  // air, everywhere
    high.volume.voxels[n] = 5;
  }
  for (const std::size_t tissue : {5U, 10U, 21U}) {
    low.volume.voxels[tissue] = 500;
    high.volume.voxels[tissue] = 200;
  }
  low.volume.voxels[6] = 200;
  high.volume.voxels[6] = 500;
  low.volume.voxels[9] = 0;
  const DiffusionFit fit = FitDiffusion({low, high});
  EXPECT_EQ(fit.noise_floor, 5);
  EXPECT_EQ(fit.adc_um2_s.voxels[0], 0);
  EXPECT_NEAR(fit.adc_um2_s.voxels[5], 916, 1);
  EXPECT_EQ(fit.adc_um2_s.voxels[6], 0);
  EXPECT_EQ(fit.s0.voxels[6], 350);
  EXPECT_EQ(fit.adc_um2_s.voxels[9], 0);
}

TEST(DiffusionFit, TissueThatReachesIntoTheCornersIsNotTakenForAir) {
  const DiffusionFit fit = FitDiffusion({Weighted(0, 400), Weighted(1000, 90)});
  EXPECT_EQ(fit.noise_floor, 0);
  EXPECT_GT(fit.adc_um2_s.voxels[0], 1000);
}

TEST(DiffusionFit, OneBValueIsNotEnough) { EXPECT_THROW(FitDiffusion({Weighted(1000, 50)}), base::Error); }

TEST(TraceWeighted, AveragesRepetitionsArithmeticallyAndDirectionsGeometrically) {
  const auto combined = TraceWeighted(
      {Weighted(1000, 10, "x"), Weighted(1000, 30, "x"), Weighted(1000, 80, "y"), Weighted(0, 100), Weighted(0, 120)});
  ASSERT_EQ(combined.size(), 2U);
  EXPECT_EQ(combined[0].b_value_s_mm2, 0);
  EXPECT_EQ(combined[0].volume.voxels[0], 110);
  EXPECT_NEAR(combined[1].volume.voxels[0], 40, 1e-4);  // √(20 · 80)
}

TEST(TraceWeighted, TakesTheVendorsAverageWhereThereIsOne) {
  const auto combined = TraceWeighted({Weighted(1000, 10, "x"), Weighted(1000, 80, "y"), Weighted(1000, 33, "", true)});
  ASSERT_EQ(combined.size(), 1U);
  EXPECT_EQ(combined[0].volume.voxels[0], 33);
}

TEST(TraceWeighted, EffectiveBValuesThatMeanOneAreOne) {
  const auto combined =
      TraceWeighted({Weighted(0, 1), Weighted(0.004, 1), Weighted(995, 1), Weighted(1005, 1), Weighted(50, 1)});
  ASSERT_EQ(combined.size(), 3U);
  EXPECT_EQ(combined[1].b_value_s_mm2, 50);
  EXPECT_EQ(combined[2].b_value_s_mm2, 1000);
}

// A fit with ADC varying inside the body, and the vendor's map of it in a given unit.
struct Scene {
  DiffusionFit fit;
  image::Volume vendor;
};

Scene SceneInUnit(double um2_s_per_value) {
  const image::Geometry grid{{20, 20, 4}, {1, 1, 1}, {0, 0, 0}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}};
  Scene scene;
  scene.fit.adc_um2_s = image::Volume(grid);
  scene.fit.s0 = image::Volume(grid);
  scene.vendor = image::Volume(grid);
  scene.fit.adc_weighted_um2_s = image::Volume(grid, 1000);
  for (std::size_t n = 0; n < scene.vendor.voxels.size(); ++n) {
    scene.fit.s0.voxels[n] = n % 20 < 10 ? 1000.0F : 5.0F;
    scene.fit.adc_um2_s.voxels[n] = static_cast<float>(600 + n % 1400);
    scene.vendor.voxels[n] = static_cast<float>((600.0 + static_cast<double>(n % 1400)) / um2_s_per_value);
  }
  return scene;
}

TEST(VendorAdc, EveryUnitInUseIsRecognisedAndConverted) {
  for (const double unit : {1e-3, 1.0, 1e3, 1e6}) {
    const Scene scene = SceneInUnit(unit);
    for (const DiffusionFit* fit : {&scene.fit, static_cast<const DiffusionFit*>(nullptr)}) {
      const CheckedAdc checked = CheckVendorAdc(scene.vendor, "", fit, "map");
      EXPECT_NEAR(checked.factor / unit, 1, 1e-9);
      EXPECT_NEAR(checked.adc_um2_s.voxels[100], scene.fit.adc_um2_s.voxels[100], 0.1);
    }
  }
}

TEST(VendorAdc, WrittenUnitsAreRead) {
  EXPECT_EQ(FactorOfUnit("10-6 mm2/s"), 1);
  EXPECT_EQ(FactorOfUnit("10^-3 mm^2/s"), 1e3);
  EXPECT_EQ(FactorOfUnit("um2/s"), 1);
  EXPECT_EQ(FactorOfUnit("mm2/s"), 1e6);
  EXPECT_FALSE(FactorOfUnit("US"));
  EXPECT_FALSE(FactorOfUnit(""));
}

TEST(VendorAdc, AMapThatContradictsTheDiffusionImagesIsAnError) {
  Scene scene = SceneInUnit(1);
  EXPECT_THROW(CheckVendorAdc(scene.vendor, "10-3 mm2/s", &scene.fit, "map"),
               base::Error);  // the written unit is wrong
  image::Volume tripled = scene.vendor;
  for (float& value : tripled.voxels) value *= 3;
  try {
    CheckVendorAdc(tripled, "", &scene.fit, "map");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "adc_contradicts");
  }
  image::Volume shuffled = scene.vendor;
  base::Random random(1);
  random.Shuffle(shuffled.voxels);
  EXPECT_THROW(CheckVendorAdc(shuffled, "", &scene.fit, "map"), base::Error);
}

// The ramp of an ADC along x is kept by linear resampling, so that the map on half the spacing is the same map.
TEST(VendorAdc, AMapOnAnotherGridIsProvenAgainstTheFitAllTheSame) {
  const image::Geometry grid{{24, 24, 6}, {2, 2, 4}, {-20, 5, 0}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}};
  const image::Geometry finer{{46, 44, 6}, {1, 1, 4}, {-20, 6, 0}, grid.direction};
  const auto ramp = [](double x) { return 900 + 20 * x; };
  DiffusionFit fit;
  fit.s0 = fit.adc_um2_s = image::Volume(grid);
  for (std::size_t n = 0; n < fit.s0.voxels.size(); ++n) {
    fit.s0.voxels[n] = n % 24 < 20 ? 1000.0F : 5.0F;
    fit.adc_um2_s.voxels[n] = static_cast<float>(ramp(-20 + 2 * static_cast<double>(n % 24)));
  }
  fit.adc_weighted_um2_s = fit.adc_um2_s;
  image::Volume map(finer);
  for (std::size_t n = 0; n < map.voxels.size(); ++n)
    map.voxels[n] = static_cast<float>(ramp(-20 + static_cast<double>(n % 46)) / 1e3);
  const CheckedAdc checked = CheckVendorAdc(map, "", &fit, "map");
  EXPECT_EQ(checked.factor, 1e3);
  ASSERT_TRUE(checked.agreement);
  EXPECT_NEAR(checked.agreement->slope, 1, 0.01);  // the rim of a coarser grid is smoothed from one side
  EXPECT_TRUE(image::SameGrid(checked.adc_um2_s.geometry, finer));
  for (float& value : map.voxels) value = 3.0F - value;
  try {
    CheckVendorAdc(map, "", &fit, "map");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "adc_contradicts");
  }
}

TEST(VendorAdc, AMapWithoutDiffusionImagesMustLookLikeTissueInOneUnit) {
  const Scene scene = SceneInUnit(1);
  image::Volume impossible = scene.vendor;
  for (float& value : impossible.voxels) value *= 30;
  EXPECT_THROW(CheckVendorAdc(impossible, "", nullptr, "map"), base::Error);
  EXPECT_THROW(CheckVendorAdc(scene.vendor, "mm2/s", nullptr, "map"), base::Error);
}

TEST(RealData, OurAdcIsTheVendorsInsideTissue) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const dicom::Index index = dicom::IndexDicom(test::SharedData() / "study-prostate-dwi");
  const dicom::Study& study = index.studies.at(0);
  const StudyRoles roles = AssignRoles(study);
  const DiffusionImages images = LoadDiffusion(study, roles);
  const MadeChannel vendor = MakeDiffusionChannel("ADC", study, roles, images);
  const Agreement agreement = AgreementOf(vendor.volume, *images.fit);
  EXPECT_GE(agreement.correlation, 0.999);
  EXPECT_NEAR(agreement.slope, 1, 0.05);
  EXPECT_GT(agreement.voxels, 5000);
  const Agreement weighted = AgreementOf(vendor.volume, images.fit->adc_weighted_um2_s, *images.fit);
  EXPECT_NEAR(weighted.slope, 1, 0.05);
  for (const auto& [name, each] : {std::pair("ordinary (used)", agreement), std::pair("weighted", weighted)})
    std::printf("prostate, %s fit: r = %.4f, slope %.3f, %lld voxels\n", name, each.correlation, each.slope,
                static_cast<long long>(each.voxels));
  EXPECT_THAT(vendor.how, testing::AllOf(testing::HasSubstr("ordinary fit"), testing::HasSubstr("weighted one")));
}

}  // namespace
}  // namespace parotis::intake
