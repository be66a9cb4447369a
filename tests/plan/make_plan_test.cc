// The rules of docs/plan-rules.md, one by one and on the two datasets they were written for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "plan/fingerprint.h"
#include "tests/plan/example_plan.h"
#include "tests/support/temporary_folder.h"

namespace parotis::plan {
namespace {

using testing::ElementsAre;
using testing::Pair;

dataset::Dataset ParotidDataset() {
  dataset::Dataset dataset;
  dataset.name = "Parotid";
  dataset.channel_names = {"T2", "T1C", "B0", "B1000", "ADC"};
  dataset.label_names = {"background", "warthin", "pleomorphic", "malignant"};
  return dataset;
}

// 85 patients of a 240 mm field of view, 0.5 × 0.5 × 4 mm, 24 slices.
Fingerprint ParotidFingerprint() {
  Fingerprint fingerprint;
  fingerprint.cases = 85;
  fingerprint.median_spacing_mm = {0.5, 0.5, 4};
  fingerprint.crop = CropRule::kBody;
  fingerprint.median_extent_mm = {170, 205, 96};
  fingerprint.largest_extent_mm = {200, 235, 96};
  fingerprint.cases_with_label = {{"warthin", 30}, {"pleomorphic", 30}, {"malignant", 20}};
  fingerprint.median_volume_ml = {{"warthin", 4}, {"pleomorphic", 5}, {"malignant", 6}};
  return fingerprint;
}

dataset::Dataset HippocampusDataset() {
  dataset::Dataset dataset;
  dataset.name = "hippocampus";
  dataset.channel_names = {"MRI"};
  dataset.label_names = {"background", "anterior", "posterior"};
  return dataset;
}

Fingerprint HippocampusFingerprint() {
  Fingerprint fingerprint;
  fingerprint.cases = 260;
  fingerprint.median_spacing_mm = {1, 1, 1};
  fingerprint.median_cut_share = 0.8;
  fingerprint.crop = CropRule::kNone;
  fingerprint.median_extent_mm = {35, 50, 36};
  fingerprint.largest_extent_mm = {43, 59, 47};
  fingerprint.cases_with_label = {{"anterior", 260}, {"posterior", 260}};
  fingerprint.median_volume_ml = {{"anterior", 1.7}, {"posterior", 1.6}};
  return fingerprint;
}

TEST(MakePlan, ForParotidTumours) {
  const Plan plan = MakePlan(ParotidDataset(), ParotidFingerprint());
  EXPECT_EQ(plan.labels, ParotidDataset().label_names);
  EXPECT_EQ(plan.contrast_sets, ParotidPlan().contrast_sets);
  EXPECT_EQ(plan.Channel("ADC").normalisation, Normalisation::kPhysical);
  EXPECT_EQ(plan.preparation.slice_axis, 2);
  EXPECT_THAT(plan.preparation.spacing_mm, ElementsAre(1.35, 1.35, 4)) << "(205 + 10) mm in 160 pixels";
  EXPECT_THAT(plan.batch.patch, ElementsAre(160, 144));
  EXPECT_THAT(plan.network.widths, ElementsAre(16, 32, 64, 128, 192));
  EXPECT_EQ(plan.network.neighbour_slices, 0) << "4 mm apart, pixels of 1.35 mm";
  EXPECT_EQ(plan.batch.design, BatchDesign::kQuota);
  EXPECT_THAT(plan.batch.quota,
              ElementsAre(Pair("malignant", 4), Pair("pleomorphic", 4), Pair("tumour_free", 4), Pair("warthin", 4)));
  EXPECT_TRUE(plan.augmentation.flip_left_right && plan.inference.flip_left_right);
  EXPECT_THAT(plan.diagnosis.decisive_classes, ElementsAre(Pair("malignant", 0.5)));
}

TEST(MakePlan, ForTheHippocampus) {
  const Plan plan = MakePlan(HippocampusDataset(), HippocampusFingerprint());
  EXPECT_EQ(plan.preparation.crop, CropRule::kNone);
  EXPECT_THAT(plan.preparation.spacing_mm, ElementsAre(1, 1, 1));
  EXPECT_EQ(plan.preparation.slice_axis, 2);
  EXPECT_EQ(plan.Channel("MRI").normalisation, Normalisation::kRobust);
  EXPECT_TRUE(plan.contrast_sets.empty());
  EXPECT_THAT(plan.batch.patch, ElementsAre(64, 48)) << "the largest slice, 59 × 43, whole";
  EXPECT_THAT(plan.network.widths, ElementsAre(32, 64, 128, 192)) << "43 pixels are 5 on the fourth level";
  EXPECT_EQ(plan.network.neighbour_slices, 1) << "voxels are cubes";
  EXPECT_EQ(plan.batch.size, 32);
  EXPECT_EQ(plan.batch.design, BatchDesign::kForeground);
  EXPECT_FALSE(plan.augmentation.flip_left_right || plan.inference.flip_left_right);
  EXPECT_TRUE(plan.diagnosis.decisive_classes.empty());
}

TEST(MakePlan, ANameThatPromisesAUnitIsHeldAgainstTheValues) {
  dataset::Dataset dataset = ParotidDataset();
  dataset.channel_names = {"ADC", "CT"};
  Fingerprint fingerprint = ParotidFingerprint();
  fingerprint.intensity = {{"ADC", {0, 100, 600, 1100, 2500}}, {"CT", {-950, -80, 40, 90, 900}}};
  Plan plan = MakePlan(dataset, fingerprint);
  EXPECT_EQ(plan.Channel("ADC").normalisation, Normalisation::kPhysical) << "µm²/s";
  EXPECT_EQ(plan.Channel("CT").normalisation, Normalisation::kPhysical) << "Hounsfield units";
  for (const double factor : {1e-6, 1e-3, 10.0, 1000.0}) {
    fingerprint.intensity["ADC"].back() = 2500 * factor;
    plan = MakePlan(dataset, fingerprint);
    EXPECT_EQ(plan.Channel("ADC").normalisation, Normalisation::kRobust) << factor;
  }
}

TEST(MakePlan, SlicesAreTakenAcrossTheCoarsestAxis) {
  Fingerprint fingerprint = ParotidFingerprint();
  fingerprint.median_spacing_mm = {0.5, 4, 0.6};
  fingerprint.median_extent_mm = {170, 96, 230};
  const Plan coronal = MakePlan(ParotidDataset(), fingerprint);
  EXPECT_EQ(coronal.preparation.slice_axis, 1);
  EXPECT_THAT(coronal.preparation.spacing_mm, ElementsAre(1.5, 1.5, 4));
  EXPECT_THAT(coronal.batch.patch, ElementsAre(160, 128)) << "rows run along z";
  fingerprint.median_spacing_mm = {4, 0.5, 0.5};
  const Plan sagittal = MakePlan(ParotidDataset(), fingerprint);
  EXPECT_EQ(sagittal.preparation.slice_axis, 0);
  EXPECT_FALSE(sagittal.augmentation.flip_left_right) << "a sagittal slice has no left and right";
}

TEST(MakePlan, NeighbouringSlicesAreShownWhereTheyAreAboutAPixelApart) {
  Fingerprint fingerprint = HippocampusFingerprint();
  for (const auto& [spacing_mm, shown] : {std::pair{0.8, 1}, {1.5, 1}, {1.6, 0}, {4.0, 0}}) {
    fingerprint.median_spacing_mm = {1, 1, spacing_mm};
    EXPECT_EQ(MakePlan(HippocampusDataset(), fingerprint).network.neighbour_slices, shown) << spacing_mm;
  }
}

TEST(MakePlan, NeverResamplesToFinerPixelsThanWereMeasured) {
  Fingerprint fingerprint = ParotidFingerprint();
  fingerprint.median_spacing_mm = {1.7, 2, 4};
  EXPECT_THAT(MakePlan(ParotidDataset(), fingerprint).preparation.spacing_mm, ElementsAre(2, 2, 4));
}

TEST(MakePlan, ALabelNobodyHasGetsNoShare) {
  Fingerprint fingerprint = ParotidFingerprint();
  fingerprint.cases_with_label["malignant"] = 0;
  const Plan plan = MakePlan(ParotidDataset(), fingerprint);
  EXPECT_THAT(plan.batch.quota, ElementsAre(Pair("pleomorphic", 5), Pair("tumour_free", 5), Pair("warthin", 5)));
  EXPECT_EQ(plan.batch.size, 15);
}

TEST(MakePlan, OneLabelInNearlyEveryCaseEndsTheCompetition) {
  Fingerprint fingerprint = ParotidFingerprint();
  fingerprint.cases_with_label["warthin"] = 80;
  EXPECT_EQ(MakePlan(ParotidDataset(), fingerprint).batch.design, BatchDesign::kForeground);
}

TEST(MakePlan, ABodyThatTouchesTheSidesOnlyHereAndThereMayBeMirroredWhateverIsCropped) {
  Fingerprint fingerprint = ParotidFingerprint();
  fingerprint.crop = CropRule::kNone;
  fingerprint.median_cut_share = 0.2;
  EXPECT_TRUE(MakePlan(ParotidDataset(), fingerprint).augmentation.flip_left_right);
  fingerprint.median_cut_share = 0.3;
  EXPECT_FALSE(MakePlan(ParotidDataset(), fingerprint).augmentation.flip_left_right);
}

TEST(MakePlan, ALabelThatNamesASideForbidsMirroring) {
  for (const char* label : {"left parotid", "Parotid_R", "lh-hippocampus", "LEFT"}) {
    dataset::Dataset dataset = ParotidDataset();
    dataset.label_names[1] = label;
    Fingerprint fingerprint = ParotidFingerprint();
    fingerprint.cases_with_label[label] = 30;
    EXPECT_FALSE(MakePlan(dataset, fingerprint).augmentation.flip_left_right) << label;
  }
  dataset::Dataset dataset = ParotidDataset();
  dataset.label_names[1] = "cleft lesion";
  Fingerprint fingerprint = ParotidFingerprint();
  fingerprint.cases_with_label["cleft lesion"] = 30;
  EXPECT_TRUE(MakePlan(dataset, fingerprint).augmentation.flip_left_right);
}

TEST(MakePlan, LargerDatasetsAreTrainedLongerWithinLimits) {
  Fingerprint fingerprint = ParotidFingerprint();
  const auto iterations = [&](std::int64_t cases) {
    fingerprint.cases = cases;
    return MakePlan(ParotidDataset(), fingerprint).optimiser;
  };
  EXPECT_EQ(iterations(85).iterations, 1500) << "15 passes over 4/5 of 85 · 24 slices, 16 at a time";
  EXPECT_EQ(iterations(40).iterations, 1000);
  EXPECT_EQ(iterations(100000).iterations, 6000);
  EXPECT_LE(iterations(40).warmup_iterations, 100);
  EXPECT_NEAR(iterations(40).ema_decay, 0.99, 1e-9);
}

TEST(MakePlan, TinyLesionsLowerTheSmallestVolume) {
  Fingerprint fingerprint = ParotidFingerprint();
  EXPECT_DOUBLE_EQ(MakePlan(ParotidDataset(), fingerprint).diagnosis.min_volume_ml, 0.1);
  fingerprint.median_volume_ml["warthin"] = 0.3;
  EXPECT_NEAR(MakePlan(ParotidDataset(), fingerprint).diagnosis.min_volume_ml, 0.03, 1e-12);
}

RC_GTEST_PROP(MakePlan, IsSoundAndKeepsItsPromisesForAnyDataset, ()) {
  Fingerprint fingerprint = ParotidFingerprint();
  fingerprint.crop = *rc::gen::element(CropRule::kBody, CropRule::kNonzero, CropRule::kNone);
  fingerprint.cases = *rc::gen::inRange(1, 3000);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    fingerprint.median_spacing_mm[axis] = RandomBetween(0.05, 8);
    fingerprint.median_extent_mm[axis] = fingerprint.median_spacing_mm[axis] * *rc::gen::inRange(1, 600);
    fingerprint.largest_extent_mm[axis] = fingerprint.median_extent_mm[axis] * RandomBetween(1, 2);
  }
  for (auto& [label, cases] : fingerprint.cases_with_label)
    cases = *rc::gen::inRange<std::int64_t>(0, fingerprint.cases + 1);
  const Plan plan = MakePlan(ParotidDataset(), fingerprint);  // runs CheckPlan
  const PreparationPlan& preparation = plan.preparation;
  const auto sorted = [](auto values) { return std::sort(values.begin(), values.end()), values; };
  constexpr double kTie = 1e-3;  // spacings as near as this are alike (image::SliceAxis)
  const double across_mm = fingerprint.median_spacing_mm[image::SliceAxis(fingerprint.median_spacing_mm)];
  RC_ASSERT(preparation.spacing_mm[2] == across_mm);
  RC_ASSERT(across_mm >= sorted(fingerprint.median_spacing_mm)[2] * (1 - kTie));
  RC_ASSERT(preparation.spacing_mm[0] >= sorted(fingerprint.median_spacing_mm)[1]);
  RC_ASSERT(*std::max_element(plan.batch.patch.begin(), plan.batch.patch.end()) <= 176);
  RC_ASSERT(plan.batch.size >= 1 && plan.batch.size <= 32);
}

TEST(MakePlan, ThePublicHippocampusDatasetGetsThePlanItsFingerprintPromises) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const dataset::Dataset dataset = dataset::OpenDataset(test::SharedData() / "hippocampus");
  const Fingerprint fingerprint = TakeFingerprint(dataset, 0);
  EXPECT_EQ(fingerprint.cases_with_label, HippocampusFingerprint().cases_with_label);
  EXPECT_EQ(fingerprint.largest_extent_mm, HippocampusFingerprint().largest_extent_mm);
  EXPECT_EQ(ToJson(MakePlan(dataset, fingerprint)).dump(2),
            ToJson(MakePlan(HippocampusDataset(), HippocampusFingerprint())).dump(2));
}

}  // namespace
}  // namespace parotis::plan
