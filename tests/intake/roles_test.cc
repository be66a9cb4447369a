#include "intake/roles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "base/error.h"
#include "base/utf8.h"
#include "intake/describe.h"
#include "tests/intake/examples.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake {
namespace {

using dicom::Series;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Series Sagittal(Series series) {
  series.plane = dicom::SlicePlane::kSagittal;
  series.volumes.front().plane = dicom::SlicePlane::kSagittal;
  return series;
}

TEST(Roles, AFullStudyFeedsEveryChannelOnce) {
  const StudyRoles roles =
      AssignRoles(StudyOf({T2Series(), T1Series(), DiffusionSeries({0, 1000}), AdcSeries(), T1cSeries()}));
  EXPECT_THAT(AvailableChannels(roles), ElementsAre("T2", "T1C", "B0", "B1000", "ADC"));
  EXPECT_THAT(roles.series[0].channels, ElementsAre("T2"));
  EXPECT_THAT(roles.series[1].channels, IsEmpty());
  EXPECT_THAT(roles.series[2].channels, ElementsAre("B0", "B1000"));
  EXPECT_THAT(roles.series[3].channels, ElementsAre("ADC"));
  EXPECT_THAT(roles.series[4].channels, ElementsAre("T1C"));
}

TEST(Roles, DiffusionFeedsTheAdcWhereTheVendorMadeNone) {
  const StudyRoles roles = AssignRoles(StudyOf({DiffusionSeries({50, 400, 800})}));
  EXPECT_THAT(roles.series[0].channels, ElementsAre("B0", "B1000", "ADC"));
}

TEST(Roles, OneBValueAloneGivesNoMoreThanItself) {
  EXPECT_THAT(AvailableChannels(AssignRoles(StudyOf({DiffusionSeries({0})}))), ElementsAre("B0"));
  EXPECT_THAT(AvailableChannels(AssignRoles(StudyOf({DiffusionSeries({1000})}))), ElementsAre("B1000"));
  EXPECT_THAT(AvailableChannels(AssignRoles(StudyOf({DiffusionSeries({600})}))), IsEmpty());
}

TEST(Roles, TheTransverseSeriesIsPreferredAndTheOtherSaysWhy) {
  const StudyRoles roles = AssignRoles(StudyOf({T2Series(4), Sagittal(T2Series(5, "t2_tse_sag"))}));
  EXPECT_EQ(roles.t2->series, 0U);
  EXPECT_THAT(roles.series[1].channels, IsEmpty());
  EXPECT_THAT(roles.series[1].reason, HasSubstr("series 4 (t2_tse_tra) is axial"));
}

TEST(Roles, FatSuppressionIsWantedForT1cAndNotForT2) {
  Series suppressed_t2 = T2Series(5, "t2_tse_tra_fs");
  EXPECT_EQ(AssignRoles(StudyOf({T2Series(4), suppressed_t2})).t2->series, 0U);
  Series plain_t1c = T1cSeries(8);
  plain_t1c.description = "t1_tse_tra";
  EXPECT_EQ(AssignRoles(StudyOf({plain_t1c, T1cSeries(9)})).t1c->series, 1U);
  EXPECT_EQ(AssignRoles(StudyOf({T1cSeries(8), plain_t1c})).t1c->series, 0U);
}

TEST(Roles, ATieGoesToTheRepetitionAndIsNoted) {
  const StudyRoles roles = AssignRoles(StudyOf({T2Series(4), T2Series(11)}));
  EXPECT_EQ(roles.t2->series, 1U);
  EXPECT_THAT(roles.notes,
              ElementsAre(testing::AllOf(HasSubstr("series 4"), HasSubstr("series 11"), HasSubstr("--pin t2"))));
}

TEST(Roles, APinOverrulesTheScore) {
  const auto study = StudyOf({T2Series(4), Sagittal(T2Series(5, "t2_tse_sag"))});
  EXPECT_EQ(AssignRoles(study, {ParsePin("t2=5")}).t2->series, 1U);
  EXPECT_EQ(AssignRoles(study, {ParsePin("t2=1.2.3.5")}).t2->series, 1U);
  EXPECT_FALSE(AssignRoles(study, {ParsePin("t2=none")}).t2);
}

TEST(Roles, APinMayContradictPhysicsButNotWhatCannotBe) {
  EXPECT_EQ(AssignRoles(StudyOf({T1Series(5)}), {ParsePin("t1c=5")}).t1c->series, 0U);
  EXPECT_THROW(AssignRoles(StudyOf({T2Series(4)}), {ParsePin("dwi=4")}), base::Error);
  EXPECT_THROW(AssignRoles(StudyOf({T2Series(4)}), {ParsePin("t2=99")}), base::Error);
  for (const char* bad : {"t2", "t2=", "t1=3", "other=3", "=4", "T2=4"})
    EXPECT_THROW(ParsePin(bad), base::Error) << bad;
}

TEST(Roles, SeriesOfOneBValueEachAreJoinedOnlyOnOneGrid) {
  EXPECT_THAT(AvailableChannels(AssignRoles(StudyOf({DiffusionSeries({0}, 6), DiffusionSeries({1000}, 7)}))),
              ElementsAre("B0", "B1000", "ADC"));
  Series elsewhere = DiffusionSeries({1000}, 7);
  elsewhere.volumes[0].geometry.origin_world[2] += 3;
  const StudyRoles roles = AssignRoles(StudyOf({DiffusionSeries({0}, 6), elsewhere}));
  EXPECT_THAT(AvailableChannels(roles), testing::Not(testing::Contains("ADC")));
}

TEST(Roles, TheAdcMapIsTheOneOfTheChosenDiffusion) {
  Series other_map = AdcSeries(15);
  other_map.volumes[0].geometry.spacing_mm[0] = 2.5;
  EXPECT_EQ(AssignRoles(StudyOf({DiffusionSeries({0, 1000}, 6), AdcSeries(7), other_map})).adc->series, 1U);
}

TEST(Roles, ASeriesInTheDiffusionsFrameOfReferenceIsPreferred) {
  Series earlier = T2Series(20);
  earlier.frame_of_reference_uid = "1.2.3.8";
  EXPECT_EQ(AssignRoles(StudyOf({T2Series(4), DiffusionSeries({0, 1000}), earlier})).t2->series, 0U);
}

TEST(Describe, TheTablesColumnsStandBelowEachOtherInEveryScript) {
  const dicom::Study study =
      StudyOf({T2Series(4, "耳下腺 T2 横断像"), T2Series(5, "t2_tse_tra"), T2Series(6, "T2 für Müller")});
  std::istringstream table(TableOf(study, AssignRoles(study)));
  std::vector<std::size_t> columns;
  for (std::string line; std::getline(table, line);)
    columns.push_back(base::ColumnsOf(line.substr(0, std::min(line.find("plane"), line.find("axial")))));
  EXPECT_THAT(columns, testing::SizeIs(4));
  EXPECT_THAT(columns, testing::Each(columns.at(0)));
}

TEST(Describe, TheProstateStudyIsListedAsPromised) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const dicom::Index index = dicom::IndexDicom(test::SharedData() / "study-prostate-dwi");
  const auto& study = index.studies.at(0);
  const base::Json series = SeriesToJson(study, AssignRoles(study));
  const auto summary = [&](std::size_t s) {
    return series[s]["role"].get<std::string>() + series[s]["b_values_s_mm2"].dump() + series[s]["channels"].dump();
  };
  EXPECT_EQ(summary(0), R"(t2[null][])");
  EXPECT_EQ(summary(1), R"(t2[null]["T2"])");
  EXPECT_EQ(summary(2), R"(dwi[50.0,400.0,800.0]["B0","B1000"])");
  EXPECT_EQ(summary(3), R"(adc[null]["ADC"])");
  EXPECT_EQ(summary(4), R"(other[null][])");
  EXPECT_THAT(series[4]["reason"].get<std::string>(), HasSubstr("calculated, not measured"));
}

TEST(Describe, TheBrainStudyIsListedAsPromised) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const dicom::Index index = dicom::IndexDicom(test::SharedData() / "study-brain-tumour");
  const auto& study = index.studies.at(0);
  const StudyRoles roles = AssignRoles(study);
  std::vector<std::string> names;
  names.reserve(roles.series.size());
  for (const SeriesRole& role : roles.series) names.push_back(NameOf(role.role));
  EXPECT_THAT(names, ElementsAre("t1c", "t1", "other", "t2"));
  EXPECT_THAT(AvailableChannels(roles), ElementsAre("T2", "T1C"));
}

}  // namespace
}  // namespace parotis::intake
