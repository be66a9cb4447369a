#include "evaluate/subgroups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "base/random.h"
#include "evaluate/summary.h"
#include "tests/evaluate/reference.h"
#include "tests/evaluate/small_cohort.h"

namespace parotis::evaluate {
namespace {

using test::BlockOf;
using test::ExpectSame;
using test::Reference;
using testing::ElementsAre;

const std::vector<std::string> kClasses = {"alpha", "beta", "gamma"};
const BootstrapOptions kFewDraws = {300, 1, kConfidence, 1};

// Patient p has truth alpha; right unless p is even.
Evaluation RunOf(const std::vector<std::string>& values, const std::vector<double>& edges = {}) {
  Evaluation evaluation;
  evaluation.classes = kClasses;
  evaluation.subgroup_columns = {{"column", edges}};
  for (std::size_t p = 0; p < values.size(); ++p) {
    CaseResult result = EvaluateCase(BlockOf(1), BlockOf(p % 2 == 0 ? 2 : 1), kClasses, "alpha");
    result.case_id = result.patient_id = "p" + std::to_string(p + 10);
    result.attributes["column"] = values[p];
    evaluation.cases.push_back(result);
  }
  return evaluation;
}

std::vector<std::string> NamesOf(const SubgroupTable& table) {
  std::vector<std::string> names;
  for (const Subgroup& group : table.groups) names.push_back(group.value);
  return names;
}

TEST(Subgroups, AreTheValuesThatWereRecordedAndWhatWasNot) {
  const auto table = SubgroupsOf(RunOf({"GE", "GE", "Siemens", "", "Siemens"}), kFewDraws)[0];
  EXPECT_THAT(NamesOf(table), ElementsAre("GE", "Siemens", "n/a"));
  EXPECT_EQ(table.groups[0].strict_accuracy.count, 1);
  EXPECT_EQ(table.groups[0].strict_accuracy.n, 2);
  EXPECT_EQ(table.groups[0].sensitivity[0].n, 2);
  EXPECT_EQ(table.groups[0].sensitivity[1].n, 0);
  EXPECT_EQ(table.groups[0].dice, 1);
}

TEST(Subgroups, SmallOnesAreListedAndNotTested) {
  const auto table = SubgroupsOf(RunOf({"a", "a", "a", "a", "a", "b", "b", "b", "b"}), kFewDraws)[0];
  EXPECT_TRUE(table.groups[0].is_tested);
  EXPECT_FALSE(table.groups[1].is_tested);
  EXPECT_TRUE(std::isnan(table.accuracy_p));
  EXPECT_TRUE(std::isnan(table.accuracy_p_holm));
}

TEST(Subgroups, ManyNumbersAreSplitAtTheirMedianAndFewAreNot) {
  const auto ages = SubgroupsOf(RunOf({"30", "40", "50", "60", "70", "80", "90.5"}), kFewDraws)[0];
  EXPECT_TRUE(ages.is_median_split);
  EXPECT_THAT(NamesOf(ages), ElementsAre("< 60", "≥ 60"));
  EXPECT_THAT(NamesOf(SubgroupsOf(RunOf({"1.5", "3", "3", "1.5"}), kFewDraws)[0]), ElementsAre("1.5", "3"));
  const auto binned = SubgroupsOf(RunOf({"30", "40", "59", "60", ""}, {40, 60}), kFewDraws)[0];
  EXPECT_THAT(NamesOf(binned), ElementsAre("< 40", "40 to < 60", "≥ 60", "n/a"));
  EXPECT_THROW(SubgroupsOf(RunOf({"GE", "40"}, {40}), kFewDraws), base::Error);
}

TEST(Subgroups, APatientWhoseCasesDifferIsInNeither) {
  Evaluation evaluation = RunOf({"GE", "Siemens", "GE"});
  evaluation.cases[1].patient_id = evaluation.cases[0].patient_id;
  EXPECT_THAT(NamesOf(SubgroupsOf(evaluation, kFewDraws)[0]), ElementsAre("GE", "several"));
}

TEST(Subgroups, AreReadFromTheCommandLine) {
  EXPECT_TRUE(ParseSubgroupColumn("vendor").edges.empty());
  const SubgroupColumn age = ParseSubgroupColumn("age_years=40/60.5");
  EXPECT_EQ(age.name, "age_years");
  EXPECT_THAT(age.edges, ElementsAre(40, 60.5));
  for (const char* wrong : {"", "=4", "age=", "age=4/", "age=60/40", "age=x"})
    EXPECT_THROW(ParseSubgroupColumn(wrong), base::Error) << wrong;
}

TEST(Subgroups, ComeFromParticipantsAndAreKeptInTheFile) {
  const test::SmallCohort cohort({{"c1", "p1", "alpha", 1}, {"c2", "p2", "beta", 2}});
  dataset::Dataset dataset = dataset::OpenDataset(cohort.folder());
  for (dataset::Participant& participant : dataset.participants)
    participant.columns = {{"site", "S-" + participant.case_id}, {"name", "not asked for"}};
  for (const char* id : {"c1", "c2"}) cohort.Predict(id, BlockOf(1));
  EvaluationRequest request;
  request.predictions = cohort.predictions();
  request.subgroup_columns = {{"site", {}}};
  const Evaluation evaluation = EvaluateFolder(dataset, request);
  EXPECT_EQ(evaluation.cases[0].attributes.size(), 1U);
  const base::Json document = DocumentOf(evaluation, Summarise(evaluation, kFewDraws));
  EXPECT_EQ(document["summary"]["subgroups"][0]["groups"][1]["value"], "S-c2");
  const Evaluation back = EvaluationFromJson(document, "evaluation.json");
  EXPECT_EQ(DocumentOf(back, Summarise(back, kFewDraws)), document);
  request.subgroup_columns = {{"scanner", {}}};
  EXPECT_THROW(EvaluateFolder(dataset, request), base::Error);
}

TEST(Subgroups, TestsAreSciPys) {
  Reference python = Reference::Python();
  if (!python.IsThere()) GTEST_SKIP() << "the reference implementation is not installed; run scripts/setup.sh";
  base::Random random(41);
  std::vector<std::pair<double, double>> exact;
  std::vector<double> permuted;
  for (int s = 0; s < 100; ++s) {
    const std::size_t groups = 2 + static_cast<std::size_t>(random.Integer(3));
    std::vector<int> yes;
    std::vector<double> values;
    std::vector<std::size_t> group;
    for (std::int64_t u = 8 + random.Integer(60); u > 0; --u) {
      group.push_back(static_cast<std::size_t>(random.Integer(static_cast<std::int64_t>(groups))));
      yes.push_back(random.Chance(0.5 + 0.1 * static_cast<double>(group.back())) ? 1 : 0);
      values.push_back(test::Coarse(random.Normal() + 0.3 * static_cast<double>(group.back()), s % 2 == 0 ? 0 : 2));
    }
    python.Ask({{"ask", "group_tests"}, {"yes", yes}, {"values", values}, {"group", group}, {"permute", s < 5}});
    exact.emplace_back(ChiSquared(yes, group, groups), KruskalWallisP(values, group, groups));
    if (s < 5) permuted.push_back(ChiSquaredPermutationP(yes, group, groups, {10000, 1, kConfidence, 1}));
  }
  const auto answers = python.Answers();
  for (std::size_t i = 0; i < exact.size(); ++i) {
    ExpectSame(exact[i].first, answers[i][0], "chi-squared");
    ExpectSame(exact[i].second, answers[i][1], "Kruskal-Wallis");
    // Two estimates from 10,000 and 2,000 permutations have a standard error of at most 0.0122; four of them.
    if (i < permuted.size() && !answers[i][2].is_null()) {
      EXPECT_NEAR(permuted[i], answers[i][2].get<double>(), 0.05);
    }
  }
}

}  // namespace
}  // namespace parotis::evaluate
