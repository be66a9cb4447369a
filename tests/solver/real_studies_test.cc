// Public studies with what a hospital adds to them: further series, repetitions, other names, missing files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dicom/index.h"
#include "tests/solver/study_checks.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake::studies {
namespace {

class RealStudies : public testing::Test {
 protected:
  void SetUp() override {
    if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  }

  // The public prostate study among twenty series of other regions, in its own frame of reference.
  static dicom::Study Prostate() {
    dicom::Study study = dicom::IndexDicom(test::SharedData() / "study-prostate-dwi").studies.at(0);
    StudyBuilder others(Vendor::kSiemens);
    others.place.frame = study.series[0].frame_of_reference_uid;
    others.AddOtherRegions(20);
    for (dicom::Series series : others.Done().series) {
      series.number = *series.number + 100;
      study.series.push_back(series);
    }
    return study;
  }

  static dicom::Series* Numbered(dicom::Study& study, int number) {
    for (dicom::Series& series : study.series) {
      if (series.number == number) return &series;
    }
    return nullptr;
  }

  const std::string answer_ = Answer(Truth{4, 0, {6}, 7});
};

TEST_F(RealStudies, TheAxialT2TheDiffusionAndItsMapAreTaken) { EXPECT_EQ(Answer(Prostate()), answer_); }

TEST_F(RealStudies, WhateverTheSeriesAreCalled) {
  dicom::Study study = Prostate();
  for (dicom::Series& series : study.series) series.description = series.protocol = "xq" + series.uid;
  EXPECT_EQ(Answer(study), answer_);
}

TEST_F(RealStudies, ARepetitionReplacesWhatItRepeatsUnlessItIsIncomplete) {
  dicom::Study study = Prostate();
  dicom::Series repetition = *Numbered(study, 4);
  repetition.number = 50;
  repetition.uid += ".9";
  repetition.acquisition_time.replace(2, 2, "59");
  study.series.push_back(repetition);
  EXPECT_EQ(Answer(study), Answer(Truth{50, 0, {6}, 7}));
  study.series.back().volumes[0].geometry.size[2] /= 2;
  EXPECT_EQ(Answer(study), answer_);
}

TEST_F(RealStudies, WithoutItsMapTheAdcIsComputedAndWithoutTheDiffusionTheMapStays) {
  dicom::Study study = Prostate();
  std::erase_if(study.series, [](const dicom::Series& series) { return series.number == 7; });
  EXPECT_EQ(Answer(study), Answer(Truth{4, 0, {6}, 0}));
  study = Prostate();
  std::erase_if(study.series, [](const dicom::Series& series) { return series.number == 6; });
  EXPECT_EQ(Answer(study), Answer(Truth{4, 0, {}, 7}));
}

TEST_F(RealStudies, AT2RenamedToT1IsNotTakenWithoutAPersonsWord) {
  dicom::Study study = Prostate();
  Numbered(study, 4)->description = "t1_tse_tra";
  Numbered(study, 3)->description = "t1_tse_sag";
  std::erase_if(study.series, [](const dicom::Series& series) { return series.description.starts_with("t2 cspine"); });
  EXPECT_EQ(Answer(study), Answer(Truth{0, 0, {6}, 7, {"t2"}}));
  EXPECT_EQ(NumberOf(study, AssignRoles(study, {ParsePin("t2=4")}).t2), 4);
}

}  // namespace
}  // namespace parotis::intake::studies
