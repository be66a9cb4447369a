#include "diagnose/fit_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "dataset/participants.h"
#include "diagnose/fusion.h"
#include "tests/support/errors.h"

namespace parotis::diagnose {
namespace {

const std::vector<std::string> kClasses = {"alpha", "beta", "gamma"};

dataset::Lesion LesionOf(double volume_ml, double peak, std::vector<double> probabilities) {
  dataset::Lesion lesion;
  lesion.volume_ml = volume_ml;
  lesion.peak_score = peak;
  lesion.mean_score = 0.9 * peak;
  lesion.network_probabilities = std::move(probabilities);
  return lesion;
}

// One true lesion each; the segmentation knows nothing, age tells gamma from the others, the map X tells alpha from
// beta.
std::vector<JudgedPatient> Cohort(std::size_t count, std::uint64_t seed = 3) {
  std::vector<JudgedPatient> patients;
  for (std::size_t p = 0; p < count; ++p) {
    base::Random random(seed, {p});
    const std::size_t truth = p % 3;
    JudgedPatient patient;
    patient.truth = kClasses[truth];
    patient.diagnosis.case_id = "case_" + std::to_string(p);
    patient.diagnosis.classes = kClasses;
    patient.diagnosis.covariates = {{"age_years", random.Normal(truth == 2 ? 70 : 40, 6)}};
    patient.diagnosis.lesions = {LesionOf(1, 0.95, {0.34, 0.33, 0.33})};
    patient.diagnosis.lesions[0].channel_means = {{"ADC", random.Normal(truth == 0 ? 1000 : 1700, 100)}};
    patient.is_true = {true};
    patient.reference_lesions = 1;
    patients.push_back(std::move(patient));
  }
  return patients;
}

double AccuracyOf(std::vector<JudgedPatient> patients, const plan::DiagnosisPlan& rule) {
  double right = 0;
  for (JudgedPatient& patient : patients) {
    Decide(patient.diagnosis, rule);
    right += patient.diagnosis.class_name == patient.truth ? 1 : 0;
  }
  return right / static_cast<double>(patients.size());
}

std::int64_t LeftOpen(std::vector<JudgedPatient> patients, const plan::DiagnosisPlan& rule) {
  return std::count_if(patients.begin(), patients.end(), [&](JudgedPatient& patient) {
    Decide(patient.diagnosis, rule);
    return patient.diagnosis.verdict == dataset::Verdict::kIndeterminate;
  });
}

TEST(FitRule, FusionLearnsFromAgeAndFromWhatWasMeasured) {
  plan::DiagnosisPlan rule;
  rule.inputs = {"age_years", "means"};
  const FittedRule fitted = FitRule(Cohort(90), rule, {"B0", "ADC"});
  EXPECT_GT(AccuracyOf(Cohort(300, 4), fitted.rule), 0.95);
  EXPECT_LT(AccuracyOf(Cohort(300, 4), rule), 0.5) << "the segmentation alone knows nothing";
  ASSERT_EQ(fitted.rule.fusion.inputs.size(), 2U);
  EXPECT_EQ(fitted.rule.fusion.inputs[1].name, "mean:ADC") << "B0 has no unit";
  EXPECT_EQ(fitted.record["fusion"]["patients"], 90);
}

TEST(FitRule, MediansEnterAsMeansDo) {
  const auto with_medians = [](std::vector<JudgedPatient> patients) {
    for (JudgedPatient& patient : patients) {
      dataset::Lesion& lesion = patient.diagnosis.lesions[0];
      lesion.channel_medians = std::exchange(lesion.channel_means, {});
    }
    return patients;
  };
  plan::DiagnosisPlan means, medians;
  means.inputs = {"means"};
  medians.inputs = {"medians"};
  const plan::DiagnosisPlan fitted = FitRule(with_medians(Cohort(90)), medians, {"B0", "ADC"}).rule;
  ASSERT_EQ(fitted.fusion.inputs.size(), 1U);
  EXPECT_EQ(fitted.fusion.inputs[0].name, "median:ADC");
  EXPECT_EQ(AccuracyOf(with_medians(Cohort(300, 4)), fitted),
            AccuracyOf(Cohort(300, 4), FitRule(Cohort(90), means, {"B0", "ADC"}).rule));
}

TEST(FitRule, WhatIsNotKnownAboutAPatientDoesNotCount) {
  plan::DiagnosisPlan rule;
  rule.inputs = {"age_years", "means"};
  const plan::DiagnosisPlan fitted = FitRule(Cohort(90), rule, {"ADC"}).rule;
  dataset::Diagnosis unknown = Cohort(1)[0].diagnosis;
  unknown.covariates.clear();
  plan::DiagnosisPlan without_age = fitted;
  without_age.fusion.inputs.erase(without_age.fusion.inputs.begin());
  EXPECT_EQ(ClassProbabilities(unknown.lesions[0], unknown, fitted),
            ClassProbabilities(unknown.lesions[0], unknown, without_age));
}

TEST(FitRule, ClassesThatDifferInTheirSpreadAloneAreToldApartBySquares) {
  const auto cohort = [](std::size_t count, std::uint64_t seed) {
    std::vector<JudgedPatient> patients = Cohort(count, seed);
    for (std::size_t p = 0; p < count; ++p) {
      base::Random random(seed, {p, 1});
      patients[p].diagnosis.covariates["age_years"] = random.Normal(50, p % 3 == 2 ? 20 : 2);
    }
    return patients;
  };
  plan::DiagnosisPlan rule;
  rule.inputs = {"age_years", "sex_male", "means"};
  const FittedRule fitted = FitRule(cohort(150, 5), rule, {"ADC"});
  EXPECT_EQ(fitted.record["fusion"]["squares"], true);
  EXPECT_GT(AccuracyOf(cohort(300, 6), fitted.rule), 0.9);
  plan::DiagnosisPlan linear = fitted.rule;
  for (plan::FusionInput& input : linear.fusion.inputs) input.square_weights.clear();
  EXPECT_LT(AccuracyOf(cohort(300, 6), linear), 0.8);
  EXPECT_LT(fitted.record["fusion"]["loss_by_ridge"]["with_squares"]["1"].get<double>(),
            fitted.record["fusion"]["loss_by_ridge"]["linear"]["1"].get<double>() - 0.1);
}

TEST(FitRule, ASquareIsWorthNothingOnAverageAndHasALimit) {
  EXPECT_NEAR(SquareTerm(1), 0, 1e-15);
  EXPECT_NEAR(SquareTerm(0), -std::sqrt(0.5), 1e-15);
  EXPECT_EQ(SquareTerm(3), SquareTerm(-7));
}

TEST(FitRule, AnInputThatNeverVariesIsLeftOut) {
  plan::DiagnosisPlan rule;
  rule.inputs = {"log_volume", "sex_male"};
  EXPECT_TRUE(FitRule(Cohort(60), rule, {}).rule.fusion.inputs.empty());
}

TEST(FitRule, ThresholdsKeepMostTrueLesionsWithinTheAllowedFalseOnes) {
  std::vector<JudgedPatient> patients = Cohort(40);
  for (std::size_t p = 0; p < 40; ++p) {
    // Half a false lesion a patient, small; one true lesion in ten is as small but brighter.
    if (p % 2 == 0) {
      patients[p].diagnosis.lesions.push_back(LesionOf(0.12, 0.75, {0.4, 0.3, 0.3}));
      patients[p].is_true.push_back(false);
    }
    if (p % 10 == 1) patients[p].diagnosis.lesions[0] = LesionOf(0.12, 0.96, {0.4, 0.3, 0.3});
  }
  plan::DiagnosisPlan rule;
  rule.choose.false_findings_per_patient = 0.1;
  const FittedRule fitted = FitRule(patients, rule, {});
  EXPECT_EQ(fitted.record["thresholds"]["true_findings"], 40);
  EXPECT_EQ(fitted.record["thresholds"]["false_findings"], 0);
  EXPECT_GT(fitted.rule.min_peak_probability, 0.75);
}

TEST(FitRule, TheOperatingPointKeepsItsSpecificityAmongTheOtherTumours) {
  std::vector<JudgedPatient> patients = Cohort(300);
  for (std::size_t p = 0; p < patients.size(); ++p) {
    const double gamma = base::Random(9, {p}).Uniform(0, 1) * (patients[p].truth == "gamma" ? 1 : 0.7);
    patients[p].diagnosis.lesions[0].network_probabilities = {(1 - gamma) / 2, (1 - gamma) / 2, gamma};
  }
  plan::DiagnosisPlan rule;
  rule.choose.operating_class = "gamma";
  rule.choose.operating_specificity = 0.9;
  const FittedRule fitted = FitRule(patients, rule, {});
  double excluded = 0, found = 0;
  for (JudgedPatient& patient : patients) {
    Decide(patient.diagnosis, fitted.rule);
    const double probability = patient.diagnosis.lesions[0].class_probabilities[2];
    const bool said = probability >= fitted.rule.decisive_classes.at("gamma");
    (patient.truth == "gamma" ? found : excluded) += said == (patient.truth == "gamma") ? 1 : 0;
  }
  EXPECT_NEAR(excluded / 200, 0.9, 0.005);
  EXPECT_EQ(fitted.record["operating_point"]["found"], found);
}

// The segmentation is right in nine of ten; the inputs know nothing of the class.
std::vector<JudgedPatient> CohortWithUselessInputs(std::size_t count, std::uint64_t seed) {
  std::vector<JudgedPatient> patients = Cohort(count, seed);
  for (std::size_t p = 0; p < count; ++p) {
    base::Random random(seed + 1000, {p});
    dataset::Diagnosis& diagnosis = patients[p].diagnosis;
    diagnosis.covariates["age_years"] = random.Normal(50, 10);
    for (const char* channel : {"ADC", "D", "F", "K", "WASHIN", "TTP", "WASHOUT"})
      diagnosis.lesions[0].channel_means[channel] = random.Normal(100, 20);
    const std::size_t said = random.Uniform(0, 1) < 0.9 ? p % 3 : (p + 1) % 3;
    for (std::size_t c = 0; c < 3; ++c) diagnosis.lesions[0].network_probabilities[c] = c == said ? 0.8 : 0.1;
  }
  return patients;
}

TEST(FitRule, InputsThatDoNotHelpAreNotFused) {
  const std::vector<std::string> channels = {"ADC", "D", "F", "K", "WASHIN", "TTP", "WASHOUT"};
  plan::DiagnosisPlan rule;
  rule.inputs = {"age_years", "means"};
  const FittedRule fitted = FitRule(CohortWithUselessInputs(60, 1), rule, channels);
  EXPECT_EQ(fitted.record["fusion"]["used"], false);
  EXPECT_TRUE(fitted.rule.fusion.offsets.empty()) << "the temperature applies";
  EXPECT_EQ(FitRule(Cohort(90), rule, {"ADC"}).record["fusion"]["used"], true);
}

// Weak inputs, many of them, and few patients: those who were fitted on look better separated than others will be.
TEST(FitRule, TheOperatingPointOfAFusionHoldsForOtherPatients) {
  const std::vector<std::string> channels = {"ADC", "D", "F", "K", "WASHIN", "TTP", "WASHOUT"};
  const auto cohort = [&](std::size_t count, std::uint64_t seed) {
    std::vector<JudgedPatient> patients = Cohort(count, seed);
    for (std::size_t p = 0; p < count; ++p) {
      base::Random random(seed + 1000, {p});
      patients[p].diagnosis.covariates.clear();
      for (const std::string& channel : channels)
        patients[p].diagnosis.lesions[0].channel_means[channel] = random.Normal(p % 3 == 2 ? 112 : 100, 20);
    }
    return patients;
  };
  plan::DiagnosisPlan rule;
  rule.inputs = {"means"};
  rule.choose.operating_class = "gamma";
  rule.choose.operating_specificity = 0.85;
  double excluded = 0, others = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const plan::DiagnosisPlan fitted = FitRule(cohort(60, seed), rule, channels).rule;
    ASSERT_FALSE(fitted.fusion.offsets.empty());
    for (JudgedPatient& patient : cohort(300, 100 + seed)) {
      if (patient.truth == "gamma") continue;
      Decide(patient.diagnosis, fitted);
      const double probability = patient.diagnosis.lesions[0].class_probabilities[2];
      excluded += probability < fitted.decisive_classes.at("gamma") ? 1 : 0;
      ++others;
    }
  }
  EXPECT_NEAR(excluded / others, 0.85, 0.025);
}

// Every fourth patient has a false lesion that looks like gamma; of 30 more it is all that was found.
TEST(FitRule, TheOperatingPointKeepsItsSpecificityAmongFalseLesionsToo) {
  std::vector<JudgedPatient> patients = Cohort(330);
  for (std::size_t p = 0; p < patients.size(); ++p) {
    base::Random random(7, {p});
    const double gamma = std::clamp(random.Normal(patients[p].truth == "gamma" ? 0.6 : 0.3, 0.1), 0.01, 0.98);
    patients[p].diagnosis.lesions[0].network_probabilities = {(1 - gamma) / 2, (1 - gamma) / 2, gamma};
    if (p % 4 == 0) {
      patients[p].diagnosis.lesions.push_back(LesionOf(0.2, 0.9, {0.1, 0.1, 0.8}));
      patients[p].is_true.push_back(false);
    }
    if (p >= 300) patients[p].is_true[0] = false;
  }
  plan::DiagnosisPlan rule;
  rule.choose.operating_class = "gamma";
  rule.choose.operating_specificity = 0.7;
  const FittedRule fitted = FitRule(patients, rule, {});
  int excluded = 0;
  for (JudgedPatient& patient : patients) {
    if (patient.truth == "gamma") continue;
    Decide(patient.diagnosis, fitted.rule);
    excluded += patient.diagnosis.class_name != "gamma" ? 1 : 0;
  }
  EXPECT_EQ(excluded, 154) << "of 220";
  EXPECT_EQ(fitted.record["operating_point"]["patients_without"], 220);
  EXPECT_EQ(fitted.record["temperature"]["patients"], 300) << "a false lesion teaches nothing about classes";
}

TEST(FitRule, RecordsHowOftenEachClassWasTrueAtTheProbabilitiesItGot) {
  plan::DiagnosisPlan rule;
  rule.inputs = {"age_years", "means"};
  const base::Json reliability = FitRule(Cohort(90), rule, {"B0", "ADC"}).record.at("reliability");
  EXPECT_EQ(reliability["patients"], 90);
  double probabilities = 0;
  for (const std::string& name : kClasses) {
    double patients = 0, true_ones = 0, last = -1;
    for (const base::Json& point : reliability["classes"][name]) {
      patients += point["n"].get<double>();
      true_ones += point["n"].get<double>() * point["observed"].get<double>();
      probabilities += point["n"].get<double>() * point["predicted"].get<double>();
      EXPECT_GT(point["predicted"].get<double>(), last);
      last = point["predicted"].get<double>();
    }
    EXPECT_EQ(patients, 90) << name;
    EXPECT_NEAR(true_ones, 30, 1e-9) << name;
    EXPECT_GT(last, 0.8) << name << ": the fusion is sure of most";
  }
  EXPECT_NEAR(probabilities, 90, 1e-9);
}

TEST(FitRule, AbstentionLeavesTheStatedShareOpen) {
  std::vector<JudgedPatient> patients = Cohort(100);
  for (std::size_t p = 0; p < patients.size(); ++p) {
    const double sure = 0.34 + 0.006 * static_cast<double>(p);
    patients[p].diagnosis.lesions[0].network_probabilities = {sure, (1 - sure) / 2, (1 - sure) / 2};
  }
  plan::DiagnosisPlan rule;
  rule.choose.coverage = 0.8;
  const FittedRule fitted = FitRule(patients, rule, {});
  EXPECT_EQ(LeftOpen(patients, fitted.rule), 20);
}

// Gamma is everybody's likeliest class; below its operating point alpha is named, with what it has.
TEST(FitRule, AbstentionHoldsWhatIsNamedAgainstItsThreshold) {
  std::vector<JudgedPatient> patients = Cohort(99);
  for (std::size_t p = 0; p < patients.size(); ++p) {
    const double gamma = 0.38 + 0.004 * static_cast<double>(p);
    patients[p].diagnosis.lesions[0].network_probabilities = {(1 - gamma) * 0.6, (1 - gamma) * 0.4, gamma};
  }
  plan::DiagnosisPlan rule;
  rule.choose.operating_class = "gamma";
  rule.choose.operating_specificity = 0.85;
  rule.choose.coverage = 0.8;
  const FittedRule fitted = FitRule(patients, rule, {});
  EXPECT_EQ(LeftOpen(patients, fitted.rule), 19);
}

TEST(FitRule, TooFewPatientsAreRefused) {
  EXPECT_THAT(test::ErrorOf([] { FitRule(Cohort(19), {}, {}); }), testing::HasSubstr("too few"));
}

TEST(Decide, RemovesWhatTheRuleDoesNotKeepAndSaysSo) {
  dataset::Diagnosis diagnosis = Cohort(1)[0].diagnosis;
  plan::DiagnosisPlan rule;
  rule.min_volume_ml = 2;
  Decide(diagnosis, rule);
  EXPECT_EQ(diagnosis.verdict, dataset::Verdict::kNoTumour);
  EXPECT_TRUE(diagnosis.lesions.empty());
  EXPECT_THAT(diagnosis.reason, testing::HasSubstr("None of the 1 regions"));
}

TEST(PatientHeadInput, CountsAsMuchAsItsWeightSays) {
  dataset::Diagnosis diagnosis = Cohort(1)[0].diagnosis;
  diagnosis.patient_head = {0.2, 0.1, 0.6, 0.1};  // [0] no tumour
  plan::DiagnosisPlan rule;
  rule.fusion.offsets = {0, 0, 0};
  rule.fusion.segmentation = 0;
  rule.fusion.patient_head = 1;
  const auto p = ClassProbabilities(diagnosis.lesions[0], diagnosis, rule);
  EXPECT_NEAR(p[0], 0.125, 1e-9);
  EXPECT_NEAR(p[1], 0.75, 1e-9);
}

}  // namespace
}  // namespace parotis::diagnose
