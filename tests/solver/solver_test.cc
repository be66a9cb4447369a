// The study solver on assembled examinations with a truth table each, and what must never change its answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/describe.h"
#include "intake/roles.h"
#include "tests/solver/study_checks.h"

namespace parotis::intake::studies {
namespace {

using testing::HasSubstr;

class Solver : public testing::TestWithParam<AssembledStudy> {};

TEST_P(Solver, ChoosesWhatARadiologistWould) {
  const AssembledStudy& assembled = GetParam();
  EXPECT_GE(assembled.study.series.size(), 20U);
  EXPECT_LE(assembled.study.series.size(), 60U);
  const StudyRoles roles = AssignRoles(assembled.study);
  EXPECT_EQ(Answer(AnswerOf(assembled.study, roles)), Answer(assembled.truth))
      << assembled.name << "\n"
      << ChoicesAsText(assembled.study, roles) << TableOf(assembled.study, roles);
}

TEST_P(Solver, EverySeriesIsExplained) {
  const StudyRoles roles = AssignRoles(GetParam().study);
  for (const SeriesRole& role : roles.series) {
    EXPECT_FALSE(role.reason.empty());
    const bool serves = role.role == Role::kT2 || role.role == Role::kT1c || role.role == Role::kDwi;
    if (!serves || !role.channels.empty()) continue;
    EXPECT_THAT(role.reason, testing::ContainsRegex("not us|says otherwise|hold"));
  }
}

std::string NameOfCase(const testing::TestParamInfo<AssembledStudy>& info) {
  std::string name;
  for (const char c : info.param.name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(First, Solver, testing::ValuesIn(FirstStudies()), NameOfCase);
INSTANTIATE_TEST_SUITE_P(More, Solver, testing::ValuesIn(MoreStudies()), NameOfCase);
INSTANTIATE_TEST_SUITE_P(HeldOut, Solver, testing::ValuesIn(HeldOutStudies()), NameOfCase);

TEST(SolverConditions, ATieIsFlaggedAndTheRuleIsSaid) {
  StudyBuilder builder(Vendor::kGe);
  builder.AddT2({"Ax T2 A"});
  builder.AddTse({"Ax T2 B"}, 105, 5400);  // another protocol, as good
  const dicom::Study study = builder.Done();
  const StudyRoles roles = AssignRoles(study);
  ASSERT_EQ(roles.findings.size(), 1U);
  EXPECT_EQ(roles.findings[0].finding.code, "role_tied");
  EXPECT_FALSE(roles.findings[0].finding.refuses());
  EXPECT_THAT(roles.findings[0].finding.message, HasSubstr("--pin t2=1"));
  EXPECT_EQ(NumberOf(study, roles.t2), 2);
}

TEST(SolverConditions, AContradictionIsRefusedUntilAPersonDecides) {
  StudyBuilder builder(Vendor::kGe);
  builder.AddT1({"Ax T2 FSE"});
  const dicom::Study study = builder.Done();
  const StudyRoles roles = AssignRoles(study);
  ASSERT_FALSE(roles.findings.empty());
  EXPECT_EQ(roles.findings[0].finding.code, "role_contradictory");
  EXPECT_TRUE(roles.findings[0].finding.refuses());
  EXPECT_THAT(roles.findings[0].finding.message, HasSubstr("says T2, but TE 11 ms, TR 620 ms are T1's"));
  EXPECT_EQ(NumberOf(study, AssignRoles(study, {ParsePin("t2=1")}).t2), 1);
  EXPECT_TRUE(AssignRoles(study, {ParsePin("t2=1")}).findings.empty());
}

}  // namespace
}  // namespace parotis::intake::studies
