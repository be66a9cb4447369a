#include "evaluate/replicates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "base/error.h"
#include "dataset/diagnosis.h"
#include "evaluate/comparison.h"

namespace parotis::evaluate {
namespace {

const BootstrapOptions kDraws = {2000, 1, kConfidence, 1};

// Patients of class a, and as many of class b, of whom correct[p] are called right, with this Dice.
RunView RunOf(const std::vector<int>& correct, const std::vector<double>& dice) {
  RunView run{"run", {"a", "b"}, {}, {}};
  for (std::size_t p = 0; p < correct.size(); ++p) {
    PatientResult patient;
    patient.patient_id = "p" + std::to_string(1000 + p);
    patient.case_ids = {patient.patient_id};
    patient.truth = p < correct.size() / 2 ? "a" : "b";
    const std::string other = patient.truth == "a" ? "b" : "a";
    patient.verdict.predicted = correct[p] != 0 ? patient.truth : other;
    patient.verdict.from_diagnosis = true;
    patient.verdict.class_probabilities =
        patient.verdict.predicted == "a" ? std::vector{0.8, 0.2} : std::vector{0.3, 0.7};
    run.patients.push_back(patient);
    run.tumour_dice.push_back(dice[p]);
  }
  return run;
}

TEST(PairTrainings, TakesWhatBothMethodsHaveInTheSameOrder) {
  const auto run = [](const std::string& name) { return RunView{name, {}, {}, {}}; };
  const RunsByTraining first = {{{0, 1}, run("a01")}, {{0, 2}, run("a02")}, {{1, 1}, run("a11")}};
  const RunsByTraining second = {{{1, 1}, run("b11")}, {{0, 2}, run("b02")}, {{1, 2}, run("b12")}};
  const PairedTrainings paired = PairTrainings(first, second);
  EXPECT_EQ(paired.trainings, (std::vector<Training>{{0, 2}, {1, 1}}));
  ASSERT_EQ(paired.first.size(), 2U);
  ASSERT_EQ(paired.second.size(), 2U);
  EXPECT_EQ(paired.first[0].name + paired.second[0].name, "a02b02");
  EXPECT_EQ(paired.first[1].name + paired.second[1].name, "a11b11");
}

TEST(CompareReplicates, TheDifferenceIsTheMeanOverTrainings) {
  const std::vector<double> dice = {0.5, 0.5, 0.5, 0.5};
  const std::vector<RunView> first = {RunOf({1, 1, 1, 1}, dice), RunOf({1, 1, 0, 1}, {0.9, 0.5, 0.5, 0.5})};
  const std::vector<RunView> second = {RunOf({1, 0, 1, 0}, dice), RunOf({1, 1, 0, 1}, dice)};
  const ReplicatedComparison comparison = CompareReplicates(first, second, kDraws);
  const ReplicatedMeasure& strict = *comparison.Find(kStrictAccuracy);
  EXPECT_EQ(strict.n, 4);
  EXPECT_EQ(strict.differences, (std::vector<double>{0.5, 0.0}));
  EXPECT_DOUBLE_EQ(strict.first, 0.875);
  EXPECT_DOUBLE_EQ(strict.second, 0.625);
  EXPECT_DOUBLE_EQ(strict.difference, 0.25);
  EXPECT_DOUBLE_EQ(strict.sd_over_trainings, std::sqrt(0.125));
  const ReplicatedMeasure& overlap = *comparison.Find(kTumourDice);
  EXPECT_NEAR(overlap.difference, 0.05, 1e-12);  // 0.4 for one patient of four in one training of two
  EXPECT_NE(comparison.Find(kMeanAuc), nullptr);
}

TEST(CompareReplicates, PatientsWithoutADiceInOneRunAreLeftOutOfAll) {
  const std::vector<RunView> first = {RunOf({1, 1, 1, 1}, {0.5, kUndefined, 0.5, 0.5})};
  const std::vector<RunView> second = {RunOf({1, 1, 1, 1}, {0.3, 0.9, 0.3, 0.3})};
  const ReplicatedComparison comparison = CompareReplicates(first, second, kDraws);
  const ReplicatedMeasure& overlap = *comparison.Find(kTumourDice);
  EXPECT_EQ(overlap.n, 3);
  EXPECT_EQ(overlap.left_out, 1);
  EXPECT_NEAR(overlap.difference, 0.2, 1e-12);
  EXPECT_TRUE(std::isnan(overlap.p)) << "one training says nothing of what another would have changed";
}

// With equal trainings only patients are left, whose variance of the mean is known: each class is drawn apart.
TEST(CompareReplicates, EqualTrainingsLeaveTheStratifiedVarianceOfPatients) {
  std::vector<int> correct(40, 1), other(40, 1);
  std::vector<double> dice(40), zero(40, 0.0);
  for (std::size_t p = 0; p < 40; ++p) dice[p] = 0.02 * static_cast<double>(p % 20) * (p < 20 ? 1 : 2);
  const std::vector<RunView> first(3, RunOf(correct, dice)), second(3, RunOf(other, zero));
  const ReplicatedMeasure measure = *CompareReplicates(first, second, {20000, 1, kConfidence, 2}).Find(kTumourDice);
  const double of_step = (20 * 20 - 1) / 12.0 * 0.02 * 0.02;  // population variance of 0, 0.02 … 0.38
  const double expected = std::sqrt((of_step / 20 + 4 * of_step / 20) / 4);
  EXPECT_NEAR(measure.standard_error, expected, 0.02 * expected);
  EXPECT_EQ(measure.sd_over_trainings, 0);
  EXPECT_NEAR(measure.interval.high - measure.difference, 2.0227 * measure.standard_error, 1e-4);  // t, 39 degrees
}

// Both trainings and patients vary, and the interval covers the truth about as often as it says.
TEST(CompareReplicates, TheIntervalCoversTheTrueDifference) {
  std::mt19937 random(7);
  std::normal_distribution<double> of_patient(0, 0.1), of_training(0, 0.03), rest(0, 0.05);
  int covered = 0;
  constexpr int kStudies = 300, kPatients = 40, kTrainings = 4;
  for (int study = 0; study < kStudies; ++study) {
    std::vector<double> patients(kPatients);
    for (double& value : patients) value = of_patient(random);
    std::vector<RunView> first, second;
    for (int r = 0; r < kTrainings; ++r) {
      const double training = of_training(random);
      std::vector<double> dice(kPatients);
      for (int p = 0; p < kPatients; ++p)
        dice[static_cast<std::size_t>(p)] = 0.1 + training + patients[static_cast<std::size_t>(p)] + rest(random);
      first.push_back(RunOf(std::vector<int>(kPatients, 1), dice));
      second.push_back(RunOf(std::vector<int>(kPatients, 1), std::vector<double>(kPatients, 0.0)));
    }
    const Interval interval = CompareReplicates(first, second, {200, 1, kConfidence, 1}).Find(kTumourDice)->interval;
    covered += interval.low <= 0.1 && 0.1 <= interval.high ? 1 : 0;
  }
  EXPECT_GE(covered, 0.92 * kStudies);
}

TEST(CompareReplicates, UnequalNumbersAndOtherPatientsAreRefused) {
  const std::vector<double> dice = {0.5, 0.5, 0.5, 0.5};
  const RunView run = RunOf({1, 1, 1, 1}, dice);
  EXPECT_THROW(CompareReplicates({run}, {run, run}, kDraws), base::Error);
  EXPECT_THROW(CompareReplicates({}, {}, kDraws), base::Error);
  EXPECT_THROW(CompareReplicates({run}, {RunOf({1, 1}, {0.5, 0.5})}, kDraws), base::Error);
}

}  // namespace
}  // namespace parotis::evaluate
