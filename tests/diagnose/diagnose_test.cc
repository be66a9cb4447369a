#include "diagnose/diagnose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "diagnose/fit_rule.h"
#include "tests/diagnose/scene.h"

namespace parotis::diagnose {
namespace {

using dataset::Side;
using dataset::Verdict;
using test::AxialGrid;
using test::Block;
using test::Exchanged;
using test::MakeScene;
using test::Mirrored;
using test::Scene;
using test::TumourAt;
using testing::ElementsAre;
using testing::HasSubstr;

Result DiagnoseScene(const Scene& scene, const plan::DiagnosisPlan& rule = {}) {
  return Diagnose(scene.prediction, scene.examination, rule);
}

bool HasFlag(const dataset::Diagnosis& diagnosis, const std::string& code) {
  return std::any_of(diagnosis.flags.begin(), diagnosis.flags.end(),
                     [&](const auto& flag) { return flag.code == code; });
}

TEST(Diagnose, OneClearLesionGivesItsClassSideSizeAndVolume) {
  const Result result = DiagnoseScene(MakeScene(AxialGrid(), {TumourAt(+1, {0.1F, 0.1F, 0.7F, 0.1F})}));
  const dataset::Diagnosis& diagnosis = result.diagnosis;
  EXPECT_EQ(diagnosis.verdict, Verdict::kClass);
  EXPECT_EQ(diagnosis.class_name, "beta");
  EXPECT_THAT(diagnosis.classes, ElementsAre("alpha", "beta", "gamma"));
  ASSERT_EQ(diagnosis.lesions.size(), 1U);
  const dataset::Lesion& lesion = diagnosis.lesions[0];
  EXPECT_EQ(lesion.side, Side::kLeft);
  EXPECT_NEAR(lesion.volume_ml, 5.76, 1e-9);
  EXPECT_NEAR(lesion.centre_world[0], 52, 1e-6);
  EXPECT_NEAR(lesion.centre_world[2], -2.5, 1e-6);
  EXPECT_NEAR(lesion.class_probabilities[1], 7.0 / 9, 1e-6);
  EXPECT_NEAR(diagnosis.tumour_probability, 0.9, 1e-6);
  EXPECT_FALSE(diagnosis.reason.empty());
}

TEST(Diagnose, SegmentationAndLesionMapHoldExactlyTheKeptLesions) {
  const Block tumour = TumourAt(+1, {0.1F, 0.1F, 0.7F, 0.1F});
  const Block speck = {{-50, 20, 0}, {-46, 20, 5}, {0.1F, 0.9F, 0, 0}};  // 0.16 ml
  plan::DiagnosisPlan rule;
  rule.min_volume_ml = 0.2;
  const Result result = DiagnoseScene(MakeScene(AxialGrid(), {tumour, speck}), rule);
  EXPECT_EQ(std::count(result.segmentation.voxels.begin(), result.segmentation.voxels.end(), 2), 72);
  EXPECT_EQ(std::count(result.segmentation.voxels.begin(), result.segmentation.voxels.end(), 0), 64 * 64 * 12 - 72);
  EXPECT_EQ(std::count(result.lesion_map.voxels.begin(), result.lesion_map.voxels.end(), 1), 72);
}

TEST(Diagnose, NothingKeptIsNoTumourFoundAndTheReasonSaysWhatWasDropped) {
  const Block faint = TumourAt(+1, {0.45F, 0.5F, 0.05F, 0});
  const Result result = DiagnoseScene(MakeScene(AxialGrid(), {faint}));
  EXPECT_EQ(result.diagnosis.verdict, Verdict::kNoTumour);
  EXPECT_TRUE(result.diagnosis.lesions.empty());
  EXPECT_TRUE(result.diagnosis.class_probabilities.empty());
  EXPECT_THAT(result.diagnosis.reason, HasSubstr("1 with no voxel of tumour probability 0.70"));
  const Result empty = DiagnoseScene(MakeScene(AxialGrid(), {}));
  EXPECT_EQ(empty.diagnosis.verdict, Verdict::kNoTumour);
  EXPECT_THAT(empty.diagnosis.reason, HasSubstr("No voxel reaches"));
}

TEST(Diagnose, RegionsThatTouchAtACornerAreOneLesion) {
  const Block first = {{40, 10, -2.5}, {48, 18, 2.5}, {0.1F, 0.9F, 0, 0}};
  const Block corner = {{52, 22, 7.5}, {60, 30, 12.5}, {0.1F, 0.9F, 0, 0}};
  const Block apart = {{-60, 10, -2.5}, {-52, 18, 2.5}, {0.1F, 0.9F, 0, 0}};
  const auto grid = [] {
    auto shifted = AxialGrid();
    shifted.origin_world = {-128, -126, -27.5};
    return shifted;
  }();
  EXPECT_EQ(DiagnoseScene(MakeScene(grid, {first, corner, apart})).diagnosis.lesions.size(), 2U);
}

TEST(Diagnose, AdcIsReportedInSquareMicrometresPerSecondFromInsideTheLesionOnly) {
  Scene scene = MakeScene(AxialGrid(), {TumourAt(-1, {0.1F, 0.9F, 0, 0})});
  image::Volume& adc = scene.examination.channels[1];
  float value = 1000;
  for (std::size_t v = 0; v < adc.voxels.size(); ++v) {
    if (scene.prediction.probabilities[0].voxels[v] < 0.5F) adc.voxels[v] = value++;  // 1000 … 1071
  }
  const dataset::Lesion lesion = DiagnoseScene(scene).diagnosis.lesions.at(0);
  EXPECT_NEAR(lesion.adc_mean_um2_s.value(), 1035.5, 1e-6);
  EXPECT_NEAR(lesion.adc_sd_um2_s.value(), 20.92845, 1e-4);  // numpy.std(range(1000, 1072), ddof=1)
  EXPECT_NEAR(lesion.adc_p10_um2_s.value(), 1007.1, 1e-3);   // numpy.percentile(…, 10)
  EXPECT_NEAR(lesion.channel_medians.at("ADC"), 1035.5, 1e-3);
}

TEST(Diagnose, AnAdcInAnotherUnitIsRefused) {
  for (const float factor : {1e-3F, 1e-6F, 1e3F}) {
    Scene scene = MakeScene(AxialGrid(), {TumourAt(-1, {0.1F, 0.9F, 0, 0})});
    for (float& value : scene.examination.channels[1].voxels) value *= factor;
    EXPECT_THROW(DiagnoseScene(scene), base::Error) << factor;
  }
}

TEST(Diagnose, WithoutAdcOrOutsideItsFieldOfViewNothingIsSaidAboutIt) {
  Scene scene = MakeScene(AxialGrid(), {TumourAt(-1, {0.1F, 0.9F, 0, 0})});
  std::fill(scene.examination.channels[1].voxels.begin(), scene.examination.channels[1].voxels.end(), 0.0F);
  EXPECT_FALSE(DiagnoseScene(scene).diagnosis.lesions.at(0).adc_mean_um2_s.has_value());
  scene.examination.channels.pop_back();
  scene.examination.channel_names.pop_back();
  EXPECT_FALSE(DiagnoseScene(scene).diagnosis.lesions.at(0).adc_mean_um2_s.has_value());
}

TEST(Diagnose, SideIsMeasuredFromTheBodyAndNotFromTheImage) {
  // The head lies 40 mm to the image's left: a lesion right of its midline is still at positive x.
  const Block tumour = {{14, 14, -7.5}, {26, 26, 2.5}, {0.1F, 0.9F, 0, 0}};
  EXPECT_EQ(DiagnoseScene(MakeScene(AxialGrid(), {tumour}, 40)).diagnosis.lesions.at(0).side, Side::kRight);
  EXPECT_EQ(DiagnoseScene(MakeScene(AxialGrid(), {tumour}, -10)).diagnosis.lesions.at(0).side, Side::kLeft);
}

TEST(Diagnose, NearTheMidlineOrWithoutAnOutlineTheSideIsUnknown) {
  const Block middle = {{-2, 14, -7.5}, {10, 26, 2.5}, {0.1F, 0.9F, 0, 0}};
  EXPECT_EQ(DiagnoseScene(MakeScene(AxialGrid(), {middle})).diagnosis.lesions.at(0).side, Side::kUnknown);
  Scene flat = MakeScene(AxialGrid(), {TumourAt(+1, {0.1F, 0.9F, 0, 0})});
  std::fill(flat.examination.channels[0].voxels.begin(), flat.examination.channels[0].voxels.end(), 300.0F);
  const Result result = DiagnoseScene(flat);
  EXPECT_EQ(result.diagnosis.lesions.at(0).side, Side::kUnknown);
  EXPECT_TRUE(HasFlag(result.diagnosis, "side_unknown"));
}

TEST(Diagnose, ABodyCutOffByTheFieldOfViewGivesNoSide) {
  const Scene scene = MakeScene(AxialGrid(), {TumourAt(+1, {0.1F, 0.9F, 0, 0})}, 100);
  EXPECT_EQ(DiagnoseScene(scene).diagnosis.lesions.at(0).side, Side::kUnknown);
}

TEST(Diagnose, AChannelThatCoversOnlyTheMiddleOfTheBodyGivesNoSide) {
  Scene scene = MakeScene(AxialGrid(), {TumourAt(+1, {0.1F, 0.9F, 0, 0})});
  image::Volume& channel = scene.examination.channels[0];
  for (std::size_t v = 0; v < channel.voxels.size(); ++v) {
    const double x = -126 + 4.0 * static_cast<double>(v % 64);
    if (x < -20 || x > 70) channel.voxels[v] = 0;
  }
  EXPECT_EQ(DiagnoseScene(scene).diagnosis.lesions.at(0).side, Side::kUnknown);
}

TEST(Diagnose, AirThatWasSetToZeroIsNoEndOfTheFieldOfView) {
  Scene scene = MakeScene(AxialGrid(), {TumourAt(+1, {0.1F, 0.9F, 0, 0})});
  for (float& value : scene.examination.channels[0].voxels) value = value < 10 ? 0 : value;
  EXPECT_EQ(DiagnoseScene(scene).diagnosis.lesions.at(0).side, Side::kLeft);
}

TEST(Diagnose, DisagreeingLesionsAreWeighedByVolumeAndFlagged) {
  Block large = TumourAt(+1, {0.1F, 0.9F, 0, 0});
  Block small = {{-58, 14, -2.5}, {-46, 22, 2.5}, {0.1F, 0, 0, 0.9F}};
  const Result result = DiagnoseScene(MakeScene(AxialGrid(), {small, large}));
  EXPECT_EQ(result.diagnosis.class_name, "alpha");
  EXPECT_EQ(result.diagnosis.lesions.at(0).side, Side::kLeft) << "the largest lesion comes first";
  EXPECT_TRUE(HasFlag(result.diagnosis, "lesions_disagree"));
  plan::DiagnosisPlan rule;
  rule.decisive_classes["gamma"] = 0.8;
  EXPECT_EQ(DiagnoseScene(MakeScene(AxialGrid(), {small, large}), rule).diagnosis.class_name, "gamma");
}

TEST(Diagnose, APredictionOnAnotherGridIsRefused) {
  Scene scene = MakeScene(AxialGrid(), {});
  scene.prediction.probabilities[2].geometry.origin_world[2] += 5;
  EXPECT_THROW(DiagnoseScene(scene), base::Error);
}

Block AnyTumour() {
  const int side = *rc::gen::element(-1, 1);
  const double x = side * *rc::gen::inRange(8, 14) * 4.0 + 2;
  const double y = *rc::gen::inRange(-5, 6) * 4.0 + 2;
  const double z = *rc::gen::inRange(-3, 2) * 5.0 + 2.5;
  const int columns = *rc::gen::inRange(2, 7);
  const int rows = *rc::gen::inRange(2, 7);
  const int slices = *rc::gen::inRange(1, 4);
  return {{x, y, z}, {x + 4.0 * columns, y + 4.0 * rows, z + 5.0 * slices}, {0.1F, 0.2F, 0.6F, 0.1F}};
}

void ExpectSameInTheWorld(const Result& a, const Result& b) {
  RC_ASSERT(a.diagnosis.lesions.size() == b.diagnosis.lesions.size());
  RC_ASSERT(a.diagnosis.class_name == b.diagnosis.class_name);
  for (std::size_t l = 0; l < a.diagnosis.lesions.size(); ++l) {
    const dataset::Lesion& first = a.diagnosis.lesions[l];
    const dataset::Lesion& second = b.diagnosis.lesions[l];
    RC_ASSERT(first.side == second.side);
    RC_ASSERT(std::abs(first.volume_ml - second.volume_ml) < 1e-9);
    RC_ASSERT(std::abs(first.long_axis_mm - second.long_axis_mm) < 1e-6);
    RC_ASSERT(std::abs(first.short_axis_mm - second.short_axis_mm) < 1e-6);
    for (int axis = 0; axis < 3; ++axis)
      RC_ASSERT(std::abs(first.centre_world[axis] - second.centre_world[axis]) < 1e-6);
  }
}

RC_GTEST_PROP(Diagnose, CountingAnIndexAxisFromItsOtherEndChangesNothingInTheWorld, ()) {
  const Block tumour = AnyTumour();
  const int axis = *rc::gen::inRange(0, 3);
  ExpectSameInTheWorld(DiagnoseScene(MakeScene(AxialGrid(), {tumour})),
                       DiagnoseScene(MakeScene(Mirrored(AxialGrid(), axis), {tumour})));
}

RC_GTEST_PROP(Diagnose, TheOrderOfIndexAxesChangesNothingInTheWorld, ()) {
  const Block tumour = AnyTumour();
  const int a = *rc::gen::inRange(0, 3);
  const int b = (a + *rc::gen::inRange(1, 3)) % 3;
  ExpectSameInTheWorld(DiagnoseScene(MakeScene(AxialGrid(), {tumour})),
                       DiagnoseScene(MakeScene(Exchanged(AxialGrid(), a, b), {tumour})));
}

// What is said about candidates under another rule is what would have been said at once.
RC_GTEST_PROP(DecideAgain, OfCandidatesSaysWhatTheRuleSaysOfThePrediction, ()) {
  std::vector<Block> blocks;
  for (const int side : {-1, 1}) {
    for (const double z : {-22.5, 2.5}) {
      Block block = TumourAt(
          side,
          *rc::gen::element(std::vector<float>{0.1F, 0.8F, 0.1F, 0}, std::vector<float>{0.2F, 0.1F, 0.6F, 0.1F},
                            std::vector<float>{0.1F, 0.1F, 0.1F, 0.7F}, std::vector<float>{0.4F, 0.1F, 0.1F, 0.4F}));
      block.low_world[2] = z;
      block.high_world[2] = z + 5.0 * *rc::gen::inRange(0, 3);
      block.low_world[0] += 4.0 * *rc::gen::inRange(0, 5);
      blocks.push_back(block);
    }
  }
  const Scene scene = MakeScene(AxialGrid(), blocks);
  plan::DiagnosisPlan rule;
  rule.min_volume_ml = *rc::gen::element(0.1, 1.0, 2.0, 4.0);
  rule.min_peak_probability = *rc::gen::element(0.5, 0.7, 0.85);
  rule.temperature = *rc::gen::element(0.5, 1.0, 3.0);
  if (*rc::gen::arbitrary<bool>()) rule.decisive_classes["gamma"] = 0.3;
  const Result at_once = DiagnoseScene(scene, rule);
  Result candidates = DiagnoseScene(scene, CandidateRule(rule));
  DecideAgain(candidates.diagnosis, candidates.lesion_map, rule);
  RC_ASSERT(candidates.lesion_map.voxels == at_once.lesion_map.voxels);
  if (at_once.diagnosis.verdict == Verdict::kNoTumour) candidates.diagnosis.reason = at_once.diagnosis.reason;
  RC_ASSERT(dataset::ToJson(candidates.diagnosis).dump() == dataset::ToJson(at_once.diagnosis).dump());
}

RC_GTEST_PROP(Diagnose, AMirroredPatientHasTheLesionOnTheOtherSide, ()) {
  const Block tumour = AnyTumour();
  Block mirrored = tumour;
  mirrored.low_world[0] = -tumour.high_world[0];
  mirrored.high_world[0] = -tumour.low_world[0];
  const auto here = DiagnoseScene(MakeScene(AxialGrid(), {tumour})).diagnosis.lesions.at(0);
  const auto there = DiagnoseScene(MakeScene(AxialGrid(), {mirrored})).diagnosis.lesions.at(0);
  RC_ASSERT(here.side != Side::kUnknown);
  RC_ASSERT(here.side != there.side);
  RC_ASSERT(std::abs(here.centre_world[0] + there.centre_world[0]) < 1e-6);
}

}  // namespace
}  // namespace parotis::diagnose
