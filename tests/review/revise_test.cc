#include "review/revise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/errors.h"

namespace parotis::review {
namespace {

using results::OutlineMaker;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

image::Geometry Grid() {
  image::Geometry grid;
  grid.size = {8, 8, 2};
  grid.spacing_mm = {2, 2, 5};
  return grid;
}

// Lesion 1 is a block of 3 × 3 in slice 0, lesion 2 one of 2 × 2 in slice 1.
image::LabelVolume TwoLesions() {
  image::LabelVolume map(Grid());
  for (int j = 0; j < 3; ++j) {
    for (int i = 0; i < 3; ++i) map.At(i, j, 0) = 1;
  }
  for (int j = 5; j < 7; ++j) {
    for (int i = 5; i < 7; ++i) map.At(i, j, 1) = 2;
  }
  return map;
}

struct Situation {
  dataset::Case examination;
  image::Volume tumour_probability{Grid(), 0.25F};
  Answer before;

  Situation() {
    examination.grid = Grid();
    examination.channel_names = {dataset::kAdc};
    examination.channels = {image::Volume(Grid(), 1200)};
    before.lesion_map = TwoLesions();
    before.diagnosis.classes = {"warthin", "malignant"};
    before.diagnosis.class_probabilities = {0.7, 0.3};
    before.diagnosis.verdict = dataset::Verdict::kClass;
    before.diagnosis.class_name = "warthin";
    for (int id = 1; id <= 2; ++id) {
      dataset::Lesion lesion;
      lesion.id = id;
      lesion.volume_ml = 100 + id;
      lesion.class_probabilities = {0.7, 0.3};
      before.diagnosis.lesions.push_back(lesion);
      before.origins.push_back({OutlineMaker::kProgram, "2.25." + std::to_string(id), {}});
    }
  }
  Revised Of(const Edit& edit) const {
    return Revise(before, edit, {"Dr. Rossi", "it invades the skin"}, examination, tumour_probability);
  }
  Edit Unchanged() const {
    return {dataset::Verdict::kClass, "malignant", {{1, {}}, {2, {}}}, before.lesion_map.voxels};
  }
};

TEST(Revise, OnlyTheClassChangesWhereTheOutlinesStay) {
  const Situation situation;
  Edit edit = situation.Unchanged();
  edit.lesions[0].class_name = "malignant";
  const Revised revised = situation.Of(edit);
  const dataset::Diagnosis& diagnosis = revised.result.diagnosis;
  EXPECT_EQ(diagnosis.class_name, "malignant");
  EXPECT_EQ(diagnosis.reason, "Dr. Rossi says instead of the program: malignant. it invades the skin");
  EXPECT_THAT(diagnosis.class_probabilities, IsEmpty()) << "the program's are of another answer";
  EXPECT_EQ(diagnosis.lesions[0].class_probabilities, situation.before.diagnosis.lesions[0].class_probabilities);
  EXPECT_EQ(diagnosis.lesions[0].volume_ml, 101);
  EXPECT_EQ(revised.lesions[0].outline, OutlineMaker::kProgram);
  EXPECT_EQ(revised.lesions[0].tracking_uid, "2.25.1");
  EXPECT_EQ(revised.lesions[0].class_name, "malignant");
  EXPECT_EQ(revised.result.lesion_map.voxels, situation.before.lesion_map.voxels);
}

TEST(Revise, AChangedOutlineIsMeasuredAnewAndKeepsItsIdentity) {
  const Situation situation;
  Edit edit = situation.Unchanged();
  edit.mask[situation.before.lesion_map.Offset(3, 0, 0)] = 1;
  const Revised revised = situation.Of(edit);
  const dataset::Lesion& lesion = revised.result.diagnosis.lesions[0];
  EXPECT_NEAR(lesion.volume_ml, 10 * 20 / 1000.0, 1e-9);  // voxels of 20 mm³
  EXPECT_NEAR(lesion.adc_mean_um2_s.value(), 1200, 1e-3);
  EXPECT_NEAR(lesion.peak_score, 0.25, 1e-6);
  EXPECT_THAT(lesion.class_probabilities, IsEmpty());
  EXPECT_EQ(revised.lesions[0].outline, OutlineMaker::kProgramAndReader);
  EXPECT_EQ(revised.lesions[0].tracking_uid, "2.25.1");
  EXPECT_EQ(revised.lesions[1].outline, OutlineMaker::kProgram);
}

TEST(Revise, ARemovedLesionLeavesAndTheOthersAreNumberedAsTheyAreListed) {
  const Situation situation;
  Edit edit = situation.Unchanged();
  edit.lesions = {{2, {}}};
  for (std::uint8_t& id : edit.mask) id = id == 1 ? 0 : id;
  const Revised revised = situation.Of(edit);
  ASSERT_EQ(revised.result.diagnosis.lesions.size(), 1U);
  EXPECT_EQ(revised.result.diagnosis.lesions[0].id, 1);
  EXPECT_EQ(revised.result.diagnosis.lesions[0].volume_ml, 102);
  EXPECT_EQ(revised.lesions[0].tracking_uid, "2.25.2");
  EXPECT_EQ(revised.result.lesion_map.At(5, 5, 1), 1);
  EXPECT_EQ(revised.result.lesion_map.At(0, 0, 0), 0);
}

TEST(Revise, ANewLesionIsTheReadersWhateverItsNumber) {
  const Situation situation;
  Edit edit = situation.Unchanged();
  edit.lesions.insert(edit.lesions.begin(), {9, "malignant"});
  edit.mask[situation.before.lesion_map.Offset(7, 0, 1)] = 9;
  const Revised revised = situation.Of(edit);
  EXPECT_EQ(revised.lesions[0].outline, OutlineMaker::kReader);
  EXPECT_EQ(revised.lesions[0].tracking_uid, "");
  EXPECT_EQ(revised.lesions[1].tracking_uid, "2.25.1");
  EXPECT_EQ(revised.result.lesion_map.At(7, 0, 1), 1);
}

// Drawn on an older version, numbers mean something else: what lies where counts.
TEST(Revise, LesionsAreKnownByTheirPlaceAndNotByTheirNumber) {
  const Situation situation;
  Edit edit = situation.Unchanged();
  for (std::uint8_t& id : edit.mask) id = id == 0 ? 0 : static_cast<std::uint8_t>(3 - id);
  const Revised revised = situation.Of(edit);
  EXPECT_EQ(revised.lesions[0].tracking_uid, "2.25.2");
  EXPECT_EQ(revised.lesions[0].outline, OutlineMaker::kProgram);
  EXPECT_EQ(revised.result.diagnosis.lesions[0].volume_ml, 102);
}

TEST(Revise, TwoLesionsMadeOfOneAreOneOldAndOneNew) {
  const Situation situation;
  Edit edit = situation.Unchanged();
  edit.lesions.push_back({3, {}});
  edit.mask[situation.before.lesion_map.Offset(0, 0, 0)] = 3;
  const Revised revised = situation.Of(edit);
  EXPECT_EQ(revised.lesions[0].tracking_uid, "2.25.1");
  EXPECT_EQ(revised.lesions[2].tracking_uid, "");
  EXPECT_EQ(revised.lesions[2].outline, OutlineMaker::kReader);
}

TEST(Revise, WhatAReaderDrewBeforeStaysHis) {
  Situation situation;
  situation.before.origins[0].outline = OutlineMaker::kReader;
  EXPECT_EQ(situation.Of(situation.Unchanged()).lesions[0].outline, OutlineMaker::kReader);
}

TEST(Revise, AnEditOfOtherImagesIsRefused) {
  const Situation situation;
  Edit edit = situation.Unchanged();
  edit.mask.push_back(0);
  EXPECT_THAT(test::ErrorOf([&] { situation.Of(edit); }), HasSubstr("another grid"));
}

}  // namespace
}  // namespace parotis::review
