#include "intake/body_part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/intake/examples.h"

namespace parotis::intake {
namespace {

Verdict VerdictOn(const std::string& body_part, const std::string& description, const std::string& protocol = "") {
  dicom::Series series = T2Series(1, description);
  series.body_part = body_part;
  series.protocol = protocol;
  return CheckHeadAndNeck(StudyOf({series})).verdict;
}

TEST(HeadAndNeck, IsAcceptedByNameInSeveralLanguages) {
  EXPECT_EQ(VerdictOn("HEADNECK", ""), Verdict::kAccept);
  EXPECT_EQ(VerdictOn("NECK", "t2"), Verdict::kAccept);
  for (const char* text : {"Parotis", "Ohrspeicheldrüse", "glande parotide", "glándula salival", "Kopf-Hals",
                           "cou sans injection", "腮腺 MR", "speekselklier"}) {
    EXPECT_EQ(VerdictOn("", text), Verdict::kAccept) << text;
    EXPECT_EQ(VerdictOn("HEAD", "t2", text), Verdict::kAccept) << text;
  }
}

TEST(HeadAndNeck, SilenceIsFlagged) {
  EXPECT_EQ(VerdictOn("", ""), Verdict::kFlag);
  EXPECT_EQ(CheckHeadAndNeck(StudyOf({T2Series(1, "t2")})).code, "body_part_silent");
  EXPECT_EQ(VerdictOn("HEAD", "t2_tse_tra"), Verdict::kFlag);
  EXPECT_EQ(VerdictOn("SKULL", "shoulders down"), Verdict::kFlag);  // "shoulders" is not the word "shoulder"
}

TEST(HeadAndNeck, AnotherBodyPartIsRefusedWhateverElseIsSaid) {
  for (const char* part : {"PROSTATE", "PELVIS", "KNEE", "BREAST", "LIVER", "ABDOMEN", "HEART"})
    EXPECT_EQ(VerdictOn(part, "t2 neck"), Verdict::kRefuse) << part;
  for (const char* text : {"MR prostaat kanker", "Kniegelenk", "genou droit", "próstata", "IRM du sein foie",
                           "Mammographie MR", "rodilla", "前列腺"}) {
    EXPECT_EQ(VerdictOn("", text), Verdict::kRefuse) << text;
  }
}

TEST(HeadAndNeck, ANeighbourIsRefusedUnlessSomethingNamesTheNeck) {
  EXPECT_EQ(VerdictOn("BRAIN", "t2"), Verdict::kRefuse);
  EXPECT_EQ(VerdictOn("BRAIN", "t2", "parotid gland"), Verdict::kFlag);
  EXPECT_EQ(VerdictOn("", "Gehirn"), Verdict::kRefuse);
}

TEST(HeadAndNeck, TheReasonQuotesTheStudy) {
  dicom::Series series = T2Series(3, "t2_tse_sag");
  series.body_part = "PROSTATE";
  EXPECT_THAT(CheckHeadAndNeck(StudyOf({series})).reason,
              testing::AllOf(testing::HasSubstr("PROSTATE"), testing::HasSubstr("series 3")));
}

}  // namespace
}  // namespace parotis::intake
