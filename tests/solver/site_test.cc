#include "intake/site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "intake/roles.h"
#include "tests/solver/study_checks.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake::studies {
namespace {

using testing::HasSubstr;

TEST(Site, PatternsAreWholeTextsWithoutCaseAndAccents) {
  EXPECT_TRUE(FitsPattern("*drüse*", "Ohrspeicheldruse tra"));
  EXPECT_TRUE(FitsPattern("T1_VIBE_?", "t1_vibe_w"));
  EXPECT_TRUE(FitsPattern("a*b*c", "aXXbYYbc"));
  EXPECT_TRUE(FitsPattern("", "anything"));
  EXPECT_FALSE(FitsPattern("t1", "t1_tse"));
  EXPECT_FALSE(FitsPattern("t1_vibe_?", "t1_vibe_"));
  EXPECT_FALSE(FitsPattern("a*b", "aXc"));
}

TEST(Site, TheExampleIsValidAndItsManual) {
  const SiteRules rules = ReadSiteRules(std::string(PAROTIS_SOURCE_DIR) + "/configs/site.json");
  ASSERT_EQ(rules.rules.size(), 3U);
  EXPECT_EQ(rules.rules[0].role, Role::kT1c);
  EXPECT_TRUE(rules.rules[1].exclude);
  EXPECT_EQ(rules.rules[2].prefer, 5);
}

std::string ErrorOf(const std::string& json) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "site.json", json);
  try {
    ReadSiteRules(folder.path() / "site.json");
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

TEST(Site, ARuleWithAnErrorIsOneSentenceThatNamesIt) {
  EXPECT_THAT(ErrorOf(R"({"series": [{"name": "a", "description": "*", "role": "t3"}]})"),
              testing::AllOf(HasSubstr("site.json"), HasSubstr("series[0].role"), HasSubstr("t3")));
  EXPECT_THAT(ErrorOf(R"({"series": [{"name": "a", "exclude": true}]})"), HasSubstr("fits every series"));
  EXPECT_THAT(ErrorOf(R"({"series": [{"name": "a", "protocol": "x"}]})"), HasSubstr("exactly one thing"));
  EXPECT_THAT(ErrorOf(R"({"series": [{"name": "a", "protocol": "x", "role": "t2", "prefer": 3}]})"),
              HasSubstr("exactly one thing"));
  EXPECT_THAT(ErrorOf(R"({"series": [{"name": "a", "protocol": "x", "prefer": 300}]})"), HasSubstr("between"));
  EXPECT_THAT(ErrorOf(R"({"series": [{"name": "a", "protocoll": "x", "prefer": 3}]})"), HasSubstr("protocoll"));
  EXPECT_THAT(ErrorOf(R"({"series": {}})"), HasSubstr("list"));
  EXPECT_THAT(ErrorOf(R"({})"), HasSubstr("series"));
}

SiteRules OneRule(SeriesRule rule) {
  rule.name = "the rule";
  return {"site.json", "", {rule}};
}

dicom::Study TwoT2() {
  StudyBuilder builder(Vendor::kSiemens);
  builder.AddT2({"t2_a"});                     // 1
  builder.AddT2({"t2_b"}).echo_time_ms = 120;  // 2
  builder.AddT1({"t1_special"});               // 3
  builder.last().station = "MRC2-upstairs";
  return builder.Done();
}

TEST(Site, ARuleExcludesPrefersOrDeclares) {
  const dicom::Study study = TwoT2();
  EXPECT_EQ(NumberOf(study, AssignRoles(study).t2), 2);
  SeriesRule exclude;
  exclude.description = "T2_B";
  exclude.exclude = true;
  EXPECT_EQ(NumberOf(study, AssignRoles(study, {}, OneRule(exclude)).t2), 1);
  SeriesRule prefer;
  prefer.description = "t2_a";
  prefer.prefer = 5;
  EXPECT_EQ(NumberOf(study, AssignRoles(study, {}, OneRule(prefer)).t2), 1);
  SeriesRule declare;
  declare.station = "mrc2*";
  declare.role = Role::kT1c;
  EXPECT_EQ(NumberOf(study, AssignRoles(study, {}, OneRule(declare)).t1c), 3);
}

TEST(Site, TheRuleIsNamedAndAPinOverrulesIt) {
  const dicom::Study study = TwoT2();
  SeriesRule exclude;
  exclude.description = "t2_b";
  exclude.exclude = true;
  const StudyRoles roles = AssignRoles(study, {}, OneRule(exclude));
  EXPECT_THAT(roles.series[1].reason, HasSubstr("excluded by site rule \"the rule\" of site.json"));
  EXPECT_THAT(roles.notes, testing::Contains(HasSubstr("the rule")));
  EXPECT_EQ(NumberOf(study, AssignRoles(study, {ParsePin("t2=2")}, OneRule(exclude)).t2), 2);
}

}  // namespace
}  // namespace parotis::intake::studies
