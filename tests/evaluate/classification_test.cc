#include "evaluate/classification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numeric>

#include "base/error.h"
#include "dataset/participants.h"
#include "evaluate/calibration.h"

namespace parotis::evaluate {
namespace {

using testing::ElementsAre;

const std::vector<std::string> kClasses = {"alpha", "beta", "gamma"};
const BootstrapOptions kFewDraws = {200, 1, kConfidence, 1};

PatientResult PatientOf(const std::string& truth, const std::string& predicted,
                        std::vector<double> probabilities = {}) {
  PatientResult patient;
  patient.patient_id = truth + "-" + predicted;
  patient.truth = truth;
  patient.verdict.predicted = predicted;
  patient.verdict.class_probabilities = std::move(probabilities);
  return patient;
}

std::vector<PatientResult> FromCounts(const std::vector<std::vector<int>>& counts) {
  std::vector<PatientResult> patients;
  for (std::size_t t = 0; t < counts.size(); ++t) {
    for (std::size_t p = 0; p < counts[t].size(); ++p) {
      const std::string truth = t < 3 ? kClasses[t] : dataset::kTumourFree;
      const std::string guess = p < 3 ? kClasses[p] : kNoTumourFound;
      for (int i = 0; i < counts[t][p]; ++i) patients.push_back(PatientOf(truth, guess));
    }
  }
  return patients;
}

TEST(Classify, CountsAreThoseOfAHandMadeTable) {
  const auto result = Classify(FromCounts({{20, 5, 5, 0}, {4, 18, 8, 0}, {6, 7, 12, 0}}), kClasses, kFewDraws);
  EXPECT_EQ(result.strict_accuracy.count, 50);
  EXPECT_EQ(result.strict_accuracy.n, 85);
  EXPECT_NEAR(result.balanced_accuracy, 0.5822222222222222, 1e-12);  // sklearn.metrics.balanced_accuracy_score
  EXPECT_NEAR(result.kappa, 0.38020833333333337, 1e-12);             // sklearn.metrics.cohen_kappa_score
  const OneVersusRest& gamma = result.one_vs_rest[2];
  EXPECT_EQ(gamma.true_positive, 12);
  EXPECT_EQ(gamma.false_positive, 13);
  EXPECT_EQ(gamma.false_negative, 13);
  EXPECT_EQ(gamma.true_negative, 47);
  EXPECT_NEAR(gamma.accuracy().estimate(), 59.0 / 85, 1e-12);
  EXPECT_NEAR(gamma.sensitivity().estimate(), 12.0 / 25, 1e-12);
  EXPECT_NEAR(gamma.specificity().estimate(), 47.0 / 60, 1e-12);
  EXPECT_NEAR(gamma.ppv().estimate(), 12.0 / 25, 1e-12);
  EXPECT_NEAR(gamma.npv().estimate(), 47.0 / 60, 1e-12);
}

TEST(Classify, MissedAndInventedPatientsAreToldApart) {
  const auto result = Classify(FromCounts({{8, 1, 1, 0}, {2, 5, 3, 0}, {0, 0, 4, 1}}), kClasses, kFewDraws);
  const OneVersusRest& gamma = result.one_vs_rest[2];
  EXPECT_EQ(gamma.false_positive, 4);
  EXPECT_EQ(gamma.false_negative, 1);
  EXPECT_NEAR(gamma.sensitivity().estimate(), 4.0 / 5, 1e-12);
  EXPECT_NEAR(gamma.specificity().estimate(), 16.0 / 20, 1e-12);
  EXPECT_NEAR(gamma.ppv().estimate(), 4.0 / 8, 1e-12);
  EXPECT_NEAR(gamma.npv().estimate(), 16.0 / 17, 1e-12);
}

TEST(Classify, NoTumourFoundIsWrongForATumourPatientAndHasAColumnOfItsOwn) {
  const auto result = Classify(FromCounts({{2, 0, 0, 1}, {0, 3, 0, 0}, {0, 0, 1, 1}}), kClasses, kFewDraws);
  EXPECT_EQ(result.strict_accuracy.count, 6);
  EXPECT_EQ(result.strict_accuracy.n, 8);
  EXPECT_EQ(result.tumour_found.count, 6);
  EXPECT_THAT(result.confusion.predictions, ElementsAre("alpha", "beta", "gamma", kNoTumourFound));
  EXPECT_THAT(result.confusion.truths, ElementsAre("alpha", "beta", "gamma"));
  EXPECT_THAT(result.confusion.counts[0], ElementsAre(2, 0, 0, 1));
}

TEST(Classify, TumourFreePatientsCountOnlyInTheirOwnFigure) {
  const auto without = Classify(FromCounts({{5, 1, 0, 0}, {1, 5, 0, 0}, {0, 1, 5, 0}}), kClasses, kFewDraws);
  const auto with = Classify(FromCounts({{5, 1, 0, 0}, {1, 5, 0, 0}, {0, 1, 5, 0}, {2, 0, 1, 7}}), kClasses, kFewDraws);
  EXPECT_EQ(with.strict_accuracy.n, without.strict_accuracy.n);
  EXPECT_EQ(with.strict_accuracy.count, without.strict_accuracy.count);
  EXPECT_EQ(with.one_vs_rest[0].true_negative, without.one_vs_rest[0].true_negative);
  EXPECT_EQ(with.tumour_free_correct.count, 7);
  EXPECT_EQ(with.tumour_free_correct.n, 10);
  EXPECT_EQ(with.confusion.truths.back(), dataset::kTumourFree);
}

TEST(Classify, IndeterminateIsWrongAndShownOnlyWhenItOccurs) {
  const auto result = Classify({PatientOf("alpha", kIndeterminate), PatientOf("beta", "beta")}, kClasses, kFewDraws);
  EXPECT_EQ(result.strict_accuracy.count, 1);
  EXPECT_EQ(result.tumour_found.count, 2);
  EXPECT_EQ(result.confusion.predictions.back(), kIndeterminate);
}

TEST(Classify, SwappedClassesAreCaught) {
  auto patients = FromCounts({{30, 0, 0, 0}, {0, 30, 0, 0}, {0, 0, 25, 0}});
  EXPECT_EQ(Classify(patients, kClasses, kFewDraws).strict_accuracy.count, 85);
  for (PatientResult& patient : patients) {
    if (patient.verdict.predicted == "alpha") {
      patient.verdict.predicted = "beta";
    } else if (patient.verdict.predicted == "beta") {
      patient.verdict.predicted = "alpha";
    }
  }
  const auto swapped = Classify(patients, kClasses, kFewDraws);
  EXPECT_EQ(swapped.strict_accuracy.count, 25);
  EXPECT_EQ(swapped.one_vs_rest[0].sensitivity().count, 0);
}

TEST(Classify, AClassWithoutPatientsHasNoSensitivityAndDoesNotPullTheMean) {
  const auto result = Classify({PatientOf("alpha", "alpha"), PatientOf("beta", "alpha")}, kClasses, kFewDraws);
  EXPECT_TRUE(std::isnan(result.one_vs_rest[2].sensitivity().estimate()));
  EXPECT_NEAR(result.balanced_accuracy, 0.5, 1e-12);
}

TEST(Classify, AnUnknownTruthIsRefused) {
  EXPECT_THROW(Classify({PatientOf("delta", "alpha")}, kClasses, kFewDraws), base::Error);
}

RC_GTEST_PROP(Classify, EveryPatientIsCountedOnceInTheMatrixAndInEachTable, ()) {
  std::vector<std::vector<int>> counts(4, std::vector<int>(4));
  for (auto& row : counts) {
    for (int& count : row) count = *rc::gen::inRange(0, 8);
  }
  const auto patients = FromCounts(counts);
  const auto result = Classify(patients, kClasses, {10, 1, kConfidence, 1});
  std::int64_t sum = 0;
  for (const auto& row : result.confusion.counts) sum = std::accumulate(row.begin(), row.end(), sum);
  RC_ASSERT(sum == static_cast<std::int64_t>(patients.size()));
  for (const OneVersusRest& table : result.one_vs_rest) RC_ASSERT(table.accuracy().n == result.strict_accuracy.n);
}

TEST(Calibrate, FiguresAreThoseComputedByHand) {
  const std::vector<PatientResult> patients = {
      PatientOf("alpha", "alpha", {0.8, 0.1, 0.1}), PatientOf("beta", "alpha", {0.6, 0.4, 0.0}),
      PatientOf("gamma", "gamma", {0.1, 0.15, 0.75}), PatientOf("gamma", kNoTumourFound),
      PatientOf(dataset::kTumourFree, "alpha", {1, 0, 0})};
  const Calibration result = Calibrate(patients, kClasses);
  EXPECT_EQ(result.n, 3);
  EXPECT_EQ(result.without_probabilities, 1);
  // (0.04 + 0.01 + 0.01) + (0.36 + 0.36) + (0.01 + 0.0225 + 0.0625), by three
  EXPECT_NEAR(result.brier, (0.06 + 0.72 + 0.095) / 3, 1e-12);
  // 0.8 and 0.75 share a bin: |1 − 0.775| · 2/3; 0.6 is wrong: 0.6 · 1/3
  EXPECT_NEAR(result.ece, 2.0 / 3 * 0.225 + 0.6 / 3, 1e-12);
  EXPECT_EQ(result.bins[7].n, 2);
  EXPECT_EQ(result.bins[5].n, 1);
}

TEST(Calibrate, ProbabilitiesThatHoldHaveNoError) {
  std::vector<PatientResult> patients;
  for (int i = 0; i < 10; ++i) patients.push_back(PatientOf(i < 7 ? "alpha" : "beta", "alpha", {0.7, 0.3, 0}));
  EXPECT_NEAR(Calibrate(patients, kClasses).ece, 0, 1e-12);
}

TEST(JoinVerdicts, CasesThatAgreeOrAreAloneSpeakForThePatient) {
  const CaseVerdict none{kNoTumourFound, {}, {0, 0, 0}, true};
  const CaseVerdict alpha{"alpha", {0.5, 0.3, 0.2}, {2, 0, 0}, true};
  const CaseVerdict open{kIndeterminate, {0.3, 0.4, 0.3}, {1, 1, 0}, true};
  EXPECT_EQ(JoinVerdicts({none, none}, kClasses).predicted, kNoTumourFound);
  EXPECT_EQ(JoinVerdicts({none, alpha}, kClasses).predicted, "alpha");
  EXPECT_EQ(JoinVerdicts({open, open}, kClasses).predicted, kIndeterminate);
  EXPECT_EQ(JoinVerdicts({alpha, open}, kClasses).predicted, "alpha");
  EXPECT_THAT(JoinVerdicts({alpha, open}, kClasses).class_probabilities, ElementsAre(0.4, 0.35, 0.25));
}

TEST(JoinVerdicts, DisagreeingCasesAreDecidedByProbabilityElseByVolume) {
  const CaseVerdict alpha{"alpha", {0.5, 0.4, 0.1}, {9, 0, 0}, true};
  const CaseVerdict beta{"beta", {0.1, 0.8, 0.1}, {0, 2, 0}, true};
  EXPECT_EQ(JoinVerdicts({alpha, beta}, kClasses).predicted, "beta");
  const CaseVerdict only_map{"beta", {}, {0, 2, 0}, false};
  EXPECT_EQ(JoinVerdicts({alpha, only_map}, kClasses).predicted, "alpha");
}

TEST(VerdictOf, ALabelMapSpeaksByVolumeAndADiagnosisByItsOwnVerdict) {
  image::Geometry grid;
  grid.size = {6, 1, 1};
  image::LabelVolume map(grid);
  EXPECT_EQ(VerdictOf(map, kClasses).predicted, kNoTumourFound);
  map.voxels = {0, 3, 3, 1, 0, 0};
  EXPECT_EQ(VerdictOf(map, kClasses).predicted, "gamma");
  dataset::Diagnosis diagnosis;
  diagnosis.classes = kClasses;
  diagnosis.verdict = dataset::Verdict::kClass;
  diagnosis.class_name = "beta";
  EXPECT_EQ(VerdictOf(diagnosis, kClasses).predicted, "beta");
  EXPECT_THROW(VerdictOf(diagnosis, {"beta", "alpha", "gamma"}), base::Error) << "another order would swap classes";
}

}  // namespace
}  // namespace parotis::evaluate
