#include "evaluate/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace parotis::evaluate
