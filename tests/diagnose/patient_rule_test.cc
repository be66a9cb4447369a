#include "diagnose/patient_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "base/error.h"

namespace parotis::diagnose {
namespace {

using dataset::Verdict;

const std::vector<std::string> kClasses = {"alpha", "beta", "gamma"};

dataset::Lesion LesionOf(int id, double volume_ml, std::vector<double> probabilities) {
  dataset::Lesion lesion;
  lesion.id = id;
  lesion.volume_ml = volume_ml;
  lesion.class_probabilities = std::move(probabilities);
  return lesion;
}

TEST(PatientRule, TheMeanIsWeightedByVolume) {
  const auto patient = ClassOfPatient({LesionOf(1, 3, {0.2, 0.8, 0}), LesionOf(2, 1, {1, 0, 0})}, kClasses, {});
  EXPECT_EQ(patient.verdict, Verdict::kClass);
  EXPECT_EQ(patient.class_name, "beta");
  EXPECT_NEAR(patient.class_probabilities[0], 0.4, 1e-12);
  EXPECT_NEAR(patient.class_probabilities[1], 0.6, 1e-12);
}

TEST(PatientRule, ADecisiveClassInASmallLesionOverrulesALargeOne) {
  plan::DiagnosisPlan rule;
  rule.decisive_classes["gamma"] = 0.5;
  const auto patient =
      ClassOfPatient({LesionOf(1, 30, {0.9, 0.1, 0}), LesionOf(2, 1, {0.2, 0.3, 0.5})}, kClasses, rule);
  EXPECT_EQ(patient.class_name, "gamma");
  EXPECT_EQ(patient.class_probabilities, (std::vector<double>{0.2, 0.3, 0.5}));
  EXPECT_THAT(patient.reason, testing::HasSubstr("Lesion 2 decides"));
}

TEST(PatientRule, BelowItsThresholdADecisiveClassDecidesNothing) {
  plan::DiagnosisPlan rule;
  rule.decisive_classes["gamma"] = 0.5;
  const auto patient =
      ClassOfPatient({LesionOf(1, 30, {0.9, 0.1, 0}), LesionOf(2, 1, {0.2, 0.31, 0.49})}, kClasses, rule);
  EXPECT_EQ(patient.class_name, "alpha");
}

TEST(PatientRule, AClassWithAnOperatingPointIsNamedByItAlone) {
  plan::DiagnosisPlan rule;
  rule.decisive_classes["gamma"] = 0.42;
  const std::vector<dataset::Lesion> lesions = {LesionOf(1, 2, {0.35, 0.25, 0.4})};
  EXPECT_EQ(ClassOfPatient(lesions, kClasses, rule).class_name, "gamma");  // a decisive class: it is the likeliest
  rule.choose.operating_class = "gamma";
  rule.choose.operating_specificity = 0.85;
  const auto patient = ClassOfPatient(lesions, kClasses, rule);
  EXPECT_EQ(patient.class_name, "alpha");
  EXPECT_EQ(patient.class_probabilities, (std::vector<double>{0.35, 0.25, 0.4}));
  EXPECT_THAT(patient.reason, testing::HasSubstr("gamma, though likelier with 0.40, stays below its operating point"));
  rule.decisive_classes["gamma"] = 0.4;
  EXPECT_EQ(ClassOfPatient(lesions, kClasses, rule).class_name, "gamma");
}

TEST(PatientRule, WithinItsOperatingPointTheLikeliestDecidesAsEver) {
  plan::DiagnosisPlan rule;
  rule.decisive_classes["gamma"] = 0.6;
  rule.choose.operating_class = "gamma";
  rule.choose.operating_specificity = 0.85;
  const auto patient = ClassOfPatient({LesionOf(1, 2, {0.2, 0.5, 0.3})}, kClasses, rule);
  EXPECT_EQ(patient.class_name, "beta");
  EXPECT_THAT(patient.reason, testing::HasSubstr("beta is the likeliest class with probability 0.50"));
}

TEST(PatientRule, AnOperatingPointOfTheOnlyClassLeavesItThatClass) {
  plan::DiagnosisPlan rule;
  rule.decisive_classes["alpha"] = 0.9;
  rule.choose.operating_class = "alpha";
  rule.choose.operating_specificity = 0.85;
  EXPECT_EQ(ClassOfPatient({LesionOf(1, 2, {0.8})}, {"alpha"}, rule).class_name, "alpha");
}

TEST(PatientRule, OfSeveralDecisiveClassesTheMostProbableDecides) {
  plan::DiagnosisPlan rule;
  rule.decisive_classes = {{"beta", 0.3}, {"gamma", 0.3}};
  const auto patient = ClassOfPatient({LesionOf(1, 2, {0, 0.6, 0.4}), LesionOf(2, 1, {0, 0.3, 0.7})}, kClasses, rule);
  EXPECT_EQ(patient.class_name, "gamma");
}

TEST(PatientRule, BelowTheLeastClassProbabilityThePatientIsIndeterminate) {
  plan::DiagnosisPlan rule;
  rule.min_class_probability = 0.6;
  const auto patient = ClassOfPatient({LesionOf(1, 2, {0.5, 0.3, 0.2})}, kClasses, rule);
  EXPECT_EQ(patient.verdict, Verdict::kIndeterminate);
  EXPECT_TRUE(patient.class_name.empty());
  EXPECT_EQ(patient.class_probabilities.size(), 3U);
  EXPECT_THAT(patient.reason, testing::HasSubstr("0.60"));
}

TEST(PatientRule, ADecisiveClassTheModelDoesNotKnowIsRefused) {
  plan::DiagnosisPlan rule;
  rule.decisive_classes["delta"] = 0.5;
  EXPECT_THROW(ClassOfPatient({LesionOf(1, 2, {0.5, 0.3, 0.2})}, kClasses, rule), base::Error);
}

RC_GTEST_PROP(PatientRule, ProbabilitiesSumToOneAndLieBetweenTheLesions, ()) {
  std::vector<dataset::Lesion> lesions;
  const int count = *rc::gen::inRange(1, 6);
  for (int l = 0; l < count; ++l) {
    std::vector<double> p(3);
    for (double& x : p) x = *rc::gen::inRange(1, 1000);
    const double sum = std::accumulate(p.begin(), p.end(), 0.0);
    for (double& x : p) x /= sum;
    lesions.push_back(LesionOf(l + 1, *rc::gen::inRange(1, 500) / 10.0, p));
  }
  const auto patient = ClassOfPatient(lesions, kClasses, {});
  RC_ASSERT(std::abs(std::accumulate(patient.class_probabilities.begin(), patient.class_probabilities.end(), 0.0) - 1) <
            1e-9);
  for (std::size_t c = 0; c < 3; ++c) {
    double low = 1;
    double high = 0;
    for (const auto& lesion : lesions) {
      low = std::min(low, lesion.class_probabilities[c]);
      high = std::max(high, lesion.class_probabilities[c]);
    }
    RC_ASSERT(patient.class_probabilities[c] >= low - 1e-12 && patient.class_probabilities[c] <= high + 1e-12);
  }
}

}  // namespace
}  // namespace parotis::diagnose
