#include "evaluate/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "tests/evaluate/small_cohort.h"

namespace parotis::evaluate {
namespace {

using test::BlockOf;
using testing::HasSubstr;

const std::vector<std::string> kClasses = {"alpha", "beta", "gamma"};
const BootstrapOptions kFewDraws = {500, 1, kConfidence, 1};

// Patients p1 … pn with truth alpha; predicted[i]: the label given, shifted by one voxel where `shift`.
Evaluation RunOf(const std::string& name, const std::vector<std::uint8_t>& predicted, std::int64_t shift = 0) {
  Evaluation evaluation;
  evaluation.name = name;
  evaluation.classes = kClasses;
  for (std::size_t p = 0; p < predicted.size(); ++p) {
    CaseResult result = EvaluateCase(BlockOf(1), BlockOf(predicted[p], shift), kClasses, "alpha");
    result.case_id = result.patient_id = "p" + std::to_string(p + 1);
    evaluation.cases.push_back(result);
  }
  return evaluation;
}

std::string MessageOf(const Evaluation& first, const Evaluation& second) {
  try {
    Compare(first, second, kFewDraws);
  } catch (const base::Error& error) {
    return error.message();
  }
  return {};
}

TEST(Compare, CountsDiscordantPatientsAndSignsTheDifferenceAsFirstMinusSecond) {
  const auto comparison = Compare(RunOf("a", {1, 1, 1, 2, 1}), RunOf("b", {1, 2, 2, 1, 0}, 1), kFewDraws);
  EXPECT_EQ(comparison.strict.both, 1);
  EXPECT_EQ(comparison.strict.only_first, 3);
  EXPECT_EQ(comparison.strict.only_second, 1);
  EXPECT_NEAR(comparison.strict.difference(), 0.4, 1e-12);
  EXPECT_NEAR(comparison.Find(kStrictAccuracy)->p, 0.625, 1e-12);  // scipy.stats.binomtest(1, 4).pvalue
  EXPECT_NEAR(comparison.Find(kBalancedAccuracy)->difference, 0.4, 1e-12);
  const PairedMeasure& dice = *comparison.Find(kTumourDice);
  EXPECT_EQ(dice.n, 5);
  EXPECT_NEAR(dice.difference, 1 - (4 * 0.75 + 0) / 5, 1e-12);
  EXPECT_GT(dice.interval.low, 0);
  EXPECT_EQ(comparison.Find(kMeanAuc), nullptr) << "label maps alone have no probabilities";
}

TEST(Compare, ARunAgainstItselfDiffersInNothing) {
  const auto comparison = Compare(RunOf("a", {1, 2, 1, 0}), RunOf("a", {1, 2, 1, 0}), kFewDraws);
  EXPECT_EQ(comparison.strict.difference(), 0);
  for (const PairedMeasure& measure : comparison.measures) {
    EXPECT_EQ(measure.difference, 0) << measure.name;
    EXPECT_EQ(measure.p, 1) << measure.name;
    EXPECT_EQ(measure.bootstrap.low, 0) << measure.name;
  }
}

TEST(Compare, OtherPatientsAreRefusedAndListed) {
  const std::string message = MessageOf(RunOf("a", {1, 1, 1}), RunOf("b", {1, 1}));
  EXPECT_THAT(message, HasSubstr("only the first has p3"));
  Evaluation renamed = RunOf("b", {1, 1, 1});
  renamed.cases[0].patient_id = "x9";
  EXPECT_THAT(MessageOf(RunOf("a", {1, 1, 1}), renamed), HasSubstr("only the second has x9"));
}

TEST(Compare, AnotherTruthOrOtherClassesAreRefused) {
  Evaluation other = RunOf("b", {1, 1});
  other.cases[1].truth = "beta";
  EXPECT_THAT(MessageOf(RunOf("a", {1, 1}), other), HasSubstr("patient p2"));
  Evaluation renamed = RunOf("b", {1, 1});
  renamed.classes = {"beta", "alpha", "gamma"};
  EXPECT_THAT(MessageOf(RunOf("a", {1, 1}), renamed), HasSubstr("different classes"));
}

TEST(CompareRuns, CorrectsOverTheFamilyThatWasAskedForAndSaysHowManyItIs) {
  const std::vector<Evaluation> runs = {RunOf("a", {1, 1, 1, 1, 1, 1}), RunOf("b", {2, 2, 2, 2, 2, 2}),
                                        RunOf("c", {1, 2, 2, 2, 2, 2}, 1)};
  const ComparisonSet all = CompareRuns(runs, {kFewDraws, true, {}});
  ASSERT_EQ(all.pairs.size(), 3U);
  EXPECT_EQ(all.family.size(), 9U) << "strict and balanced accuracy and Dice, three pairs";
  const ComparisonSet one = CompareRuns(runs, {kFewDraws, false, {kStrictAccuracy}});
  ASSERT_EQ(one.family.size(), 2U);
  EXPECT_NEAR(one.pairs[0].Find(kStrictAccuracy)->p, 0.03125, 1e-12);
  EXPECT_NEAR(one.pairs[0].Find(kStrictAccuracy)->p_holm, 0.0625, 1e-12);
  EXPECT_TRUE(std::isnan(one.pairs[0].Find(kTumourDice)->p_holm)) << "not asked for";
  EXPECT_THROW(CompareRuns(runs, {kFewDraws, false, {"accuracy"}}), base::Error);
}

TEST(CompareRuns, StatesMeansOverFoldsWhereFoldsAreKnown) {
  std::vector<Evaluation> runs = {RunOf("a", {1, 1, 1, 1}), RunOf("b", {2, 1, 2, 2})};
  EXPECT_THAT(CompareRuns(runs, {kFewDraws, false, {}}).why_no_folds, HasSubstr("--splits"));
  for (Evaluation& run : runs) {
    for (std::size_t p = 0; p < 4; ++p) run.cases[p].fold = p < 2 ? 0 : 1;
  }
  const ComparisonSet set = CompareRuns(runs, {kFewDraws, false, {}});
  EXPECT_EQ(set.folds, 2);
  const auto& folds = set.pairs[0].Find(kStrictAccuracy)->over_folds;
  ASSERT_TRUE(folds.has_value());
  EXPECT_NEAR(folds->mean, 0.75, 1e-12);
  EXPECT_NEAR(folds->standard_error, std::sqrt((0.5 + 1.0) * 0.125), 1e-12);
  runs[1].cases[1].fold = 1;
  EXPECT_THAT(CompareRuns(runs, {kFewDraws, false, {}}).why_no_folds, HasSubstr("different folds"));
}

TEST(CompareRuns, ProbabilitiesAreComparedWithNoTumourFoundScoredZero) {
  std::vector<Evaluation> runs = {RunOf("a", {1, 1, 1, 1}), RunOf("b", {1, 1, 1, 0})};
  for (Evaluation& run : runs) {
    for (std::size_t p = 0; p < 4; ++p) {
      CaseResult& result = run.cases[p];
      result.truth = p < 2 ? "alpha" : "beta";
      result.verdict.from_diagnosis = true;
      if (result.verdict.predicted != kNoTumourFound)
        result.verdict.class_probabilities = {0.5 - 0.1 * static_cast<double>(p), 0.3 + 0.1 * static_cast<double>(p),
                                              0.2};
    }
  }
  const Comparison comparison = Compare(runs[0], runs[1], kFewDraws);
  const PairedMeasure& beta = *comparison.Find("auc:beta");
  EXPECT_EQ(beta.n, 4);
  EXPECT_EQ(beta.first, 1);
  EXPECT_EQ(beta.second, 0.5) << "the missed beta ranks below both alphas";
  EXPECT_EQ(comparison.Find("auc:alpha")->second, 1);
  EXPECT_EQ(comparison.Find(kBrier)->n, 3);
  EXPECT_EQ(comparison.Find(kBrier)->left_out, 1);
  EXPECT_TRUE(std::isnan(comparison.Find("auc:gamma")->difference)) << "nobody has gamma";
}

}  // namespace
}  // namespace parotis::evaluate
