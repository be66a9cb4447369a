#include "evaluate/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "evaluate/summary.h"
#include "tests/evaluate/small_cohort.h"

namespace parotis::evaluate {
namespace {

using test::BlockOf;
using test::SmallCohort;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> kClasses = {"alpha", "beta", "gamma"};
const BootstrapOptions kFewDraws = {200, 1, kConfidence, 1};

Evaluation EvaluateAll(const SmallCohort& cohort, std::vector<std::string> case_ids = {}) {
  return EvaluateFolder(dataset::OpenDataset(cohort.folder()),
                        {cohort.predictions(), std::move(case_ids), "run", kSurfaceTolerance_mm, 1});
}

dataset::Diagnosis DiagnosisOf(const std::string& id, dataset::Verdict verdict, const std::string& class_name) {
  dataset::Diagnosis diagnosis;
  diagnosis.case_id = id;
  diagnosis.verdict = verdict;
  diagnosis.classes = kClasses;
  diagnosis.class_name = class_name;
  diagnosis.reason = "A test.";
  if (!class_name.empty()) diagnosis.class_probabilities = {0.2, 0.5, 0.3};
  diagnosis.bundle_hash = std::string(64, 'a');
  return diagnosis;
}

TEST(EvaluateFolder, HoldsEveryPredictionAgainstItsOwnCase) {
  const SmallCohort cohort({{"c1", "p1", "alpha", 1}, {"c2", "p2", "beta", 2}, {"c3", "p3", "tumour_free", 0}});
  cohort.Predict("c1", BlockOf(1));
  cohort.Predict("c2", BlockOf(1, 1));
  cohort.Predict("c3", BlockOf(0));
  const Evaluation evaluation = EvaluateAll(cohort);
  ASSERT_EQ(evaluation.cases.size(), 3U);
  EXPECT_EQ(DiceOf(evaluation.cases[0].classes[0].overlap), 1);
  EXPECT_EQ(DiceOf(evaluation.cases[1].tumour.overlap), 0.75);
  EXPECT_EQ(DiceOf(evaluation.cases[1].classes[1].overlap), 0) << "the right place with the wrong class";
  EXPECT_TRUE(std::isnan(DiceOf(evaluation.cases[2].tumour.overlap)));
  EXPECT_NEAR(evaluation.cases[0].reference_ml(), 0.64, 1e-9);
  EXPECT_THAT(evaluation.cases[1].verdict.predicted, "alpha");
  EXPECT_EQ(evaluation.origin, Origin::kSynthetic);
}

TEST(EvaluateFolder, TheDiagnosisSpeaksForThePatientWhereThereIsOne) {
  const SmallCohort cohort({{"c1", "p1", "beta", 2}, {"c2", "p2", "beta", 2}});
  cohort.Predict("c1", BlockOf(1));
  cohort.Predict("c2", BlockOf(1));
  cohort.Diagnose("c1", DiagnosisOf("c1", dataset::Verdict::kClass, "beta"));
  const Evaluation evaluation = EvaluateAll(cohort);
  EXPECT_EQ(evaluation.cases[0].verdict.predicted, "beta");
  EXPECT_TRUE(evaluation.cases[0].verdict.from_diagnosis);
  EXPECT_EQ(evaluation.cases[1].verdict.predicted, "alpha");
  EXPECT_THAT(evaluation.bundle_hashes, ElementsAre(std::string(64, 'a')));
}

TEST(EvaluateFolder, WhatCannotBeEvaluatedIsLeftOutWithItsReason) {
  const SmallCohort cohort(
      {{"c1", "p1", "alpha", 1}, {"c2", "p2", "beta", 2}, {"c3", "p3", "gamma", 3}, {"c4", "p4", "gamma", 3}});
  cohort.Predict("c1", BlockOf(1));
  image::LabelVolume elsewhere = BlockOf(2);
  elsewhere.geometry.origin_world[2] += 5;
  cohort.Predict("c2", elsewhere);
  cohort.Predict("stranger", BlockOf(1));
  cohort.Predict("c4", BlockOf(3));
  cohort.Diagnose("c4", DiagnosisOf("c3", dataset::Verdict::kClass, "beta"));
  const Evaluation evaluation = EvaluateAll(cohort);
  EXPECT_EQ(evaluation.cases.size(), 1U);
  EXPECT_EQ(evaluation.cases_without_prediction, 1);
  ASSERT_EQ(evaluation.left_out.size(), 3U);
  EXPECT_EQ(evaluation.left_out[0].case_id, "stranger");
  EXPECT_THAT(evaluation.left_out[1].reason, HasSubstr("does not lie on the reference's grid"));
  EXPECT_THAT(evaluation.left_out[2].reason, HasSubstr("diagnosis of case c3"));
}

TEST(EvaluateFolder, ACaseThatWasAskedForAndHasNoPredictionIsNotForgotten) {
  const SmallCohort cohort({{"c1", "p1", "alpha", 1}, {"c2", "p2", "beta", 2}});
  cohort.Predict("c1", BlockOf(1));
  const Evaluation evaluation = EvaluateAll(cohort, {"c1", "c2"});
  ASSERT_EQ(evaluation.left_out.size(), 1U);
  EXPECT_EQ(evaluation.left_out[0].case_id, "c2");
  EXPECT_THROW(EvaluateAll(cohort, {"c2"}), base::Error) << "nothing could be evaluated";
}

TEST(EvaluateCase, ADiagnosisThatContradictsTheLabelMapIsRefused) {
  EXPECT_THROW(EvaluateCase(BlockOf(1), BlockOf(1), kClasses, "beta"), base::Error);
  EXPECT_THROW(EvaluateCase(BlockOf(1), BlockOf(1), kClasses, "tumour_free"), base::Error);
  EXPECT_THROW(EvaluateCase(BlockOf(1), BlockOf(1), kClasses, "delta"), base::Error);
  EXPECT_EQ(EvaluateCase(BlockOf(1), BlockOf(1), kClasses, "").truth, "alpha");
  EXPECT_EQ(EvaluateCase(BlockOf(0), BlockOf(1), kClasses, "").truth, "tumour_free");
}

TEST(PatientsOf, SeveralCasesOfAPatientCountOnce) {
  const SmallCohort cohort({{"c1", "p1", "beta", 2}, {"c2", "p1", "beta", 2}, {"c3", "p2", "alpha", 1}});
  for (const char* id : {"c1", "c2", "c3"}) cohort.Predict(id, BlockOf(2));
  const Evaluation evaluation = EvaluateAll(cohort);
  const auto patients = PatientsOf(evaluation);
  ASSERT_EQ(patients.size(), 2U);
  EXPECT_THAT(patients[0].case_ids, ElementsAre("c1", "c2"));
  const Summary summary = Summarise(evaluation, kFewDraws);
  EXPECT_EQ(summary.cases, 3);
  EXPECT_EQ(summary.classification.strict_accuracy.n, 2);
  EXPECT_EQ(summary.classification.strict_accuracy.count, 1);
}

TEST(PatientsOf, APatientWithTwoDiagnosesIsRefused) {
  Evaluation evaluation;
  evaluation.classes = kClasses;
  evaluation.cases = {EvaluateCase(BlockOf(1), BlockOf(1), kClasses, ""),
                      EvaluateCase(BlockOf(2), BlockOf(1), kClasses, "")};
  for (CaseResult& result : evaluation.cases) result.patient_id = "p1";
  EXPECT_THROW(PatientsOf(evaluation), base::Error);
}

Evaluation MixedEvaluation() {
  const SmallCohort cohort(
      {{"c1", "p1", "alpha", 1}, {"c2", "p2", "beta", 2}, {"c3", "p3", "tumour_free", 0}, {"c4", "p4", "beta", 2}});
  cohort.Predict("c1", BlockOf(1, 1));
  cohort.Predict("c2", BlockOf(1));
  cohort.Predict("c3", BlockOf(0));
  cohort.Predict("c4", BlockOf(0));
  cohort.Diagnose("c1", DiagnosisOf("c1", dataset::Verdict::kClass, "beta"));
  return EvaluateAll(cohort);
}

TEST(Summary, EmptyLabelsAreLeftOutOfMeansAndCounted) {
  const Summary summary = Summarise(MixedEvaluation(), kFewDraws);
  EXPECT_EQ(summary.tumour.dice.n, 3);
  EXPECT_EQ(summary.tumour.dice.undefined, 1);
  EXPECT_NEAR(summary.tumour.dice.mean, (0.75 + 1 + 0) / 3, 1e-12);
  EXPECT_EQ(summary.classes[2].dice.n, 0);
  EXPECT_TRUE(std::isnan(summary.classes[2].dice.mean));
  EXPECT_EQ(summary.classes[0].dice.n, 2) << "a class predicted where there is none counts as 0";
  EXPECT_EQ(summary.classes[0].dice_when_present.n, 1);
  EXPECT_EQ(summary.volume_error_ml.n, 3);
  EXPECT_NEAR(summary.volume_error_ml.mean, -0.64 / 3, 1e-9);
  EXPECT_EQ(summary.lesions.counts, (DetectionCounts{2, 0, 1}));
}

TEST(Document, HasTheKeysOfNnunetsSummary) {
  const Evaluation evaluation = MixedEvaluation();
  const base::Json document = DocumentOf(evaluation, Summarise(evaluation, kFewDraws));
  for (const char* key : {"Dice", "FN", "FP", "IoU", "TN", "TP", "n_pred", "n_ref"}) {
    EXPECT_TRUE(document["mean"]["1"].contains(key)) << key;
    EXPECT_TRUE(document["foreground_mean"].contains(key)) << key;
    EXPECT_TRUE(document["metric_per_case"][0]["metrics"]["2"].contains(key)) << key;
  }
  EXPECT_TRUE(document["metric_per_case"][0].contains("prediction_file"));
  EXPECT_TRUE(document["metric_per_case"][0].contains("reference_file"));
  EXPECT_NEAR(document["mean"]["1"]["Dice"].get<double>(), 0.75 / 2, 1e-12);
  EXPECT_TRUE(document["mean"]["3"]["Dice"].is_null());
  EXPECT_NEAR(document["foreground_mean"]["Dice"].get<double>(), (0.375 + 0) / 2, 1e-12);
}

TEST(Document, ReturnsWhatWasWritten) {
  const Evaluation evaluation = MixedEvaluation();
  const std::string written = base::DumpJson(DocumentOf(evaluation, Summarise(evaluation, kFewDraws)));
  const Evaluation back = EvaluationFromJson(base::ParseJson(written, "evaluation.json"), "evaluation.json");
  EXPECT_EQ(base::DumpJson(DocumentOf(back, Summarise(back, kFewDraws))), written);
}

// What version 0.1 wrote: none of the members that came later.
TEST(Document, OfTheReleasedShapeIsStillRead) {
  const Evaluation evaluation = MixedEvaluation();
  base::Json document = DocumentOf(evaluation, Summarise(evaluation, kFewDraws));
  for (const char* later : {"proportion_interval", "subgroup_columns"}) document.erase(later);
  for (base::Json& one : document["metric_per_case"]) {
    for (const char* later : {"fold", "detections", "attributes"}) one.erase(later);
  }
  document["summary"] = base::Json::object();
  const Evaluation back = EvaluationFromJson(document, "evaluation.json");
  EXPECT_EQ(back.cases[0].fold, kNoFold);
  EXPECT_FALSE(back.cases[0].detections.has_value());
  EXPECT_EQ(Summarise(back, kFewDraws).classification.strict_accuracy.n,
            Summarise(evaluation, kFewDraws).classification.strict_accuracy.n);
}

TEST(Document, KeepsFoldsAndTheChosenInterval) {
  Evaluation evaluation = MixedEvaluation();
  evaluation.proportion_interval = ProportionInterval::kClopperPearson;
  for (std::size_t c = 0; c < evaluation.cases.size(); ++c) evaluation.cases[c].fold = static_cast<int>(c % 2);
  const Summary summary = Summarise(evaluation, kFewDraws);
  const Evaluation back = EvaluationFromJson(DocumentOf(evaluation, summary), "evaluation.json");
  EXPECT_EQ(back.cases[1].fold, 1);
  const Proportion accuracy = Summarise(back, kFewDraws).classification.strict_accuracy;
  EXPECT_EQ(accuracy.interval().low, ClopperPearsonInterval(accuracy.count, accuracy.n).low);
}

TEST(EvaluateFolder, LesionsOfTheDiagnosisAreScoredByTheirPeak) {
  const SmallCohort cohort({{"c1", "p1", "alpha", 1}, {"c2", "p2", "beta", 2}, {"c3", "p3", "beta", 2}});
  for (const char* id : {"c1", "c2", "c3"}) cohort.Predict(id, BlockOf(1));
  dataset::Diagnosis diagnosis = DiagnosisOf("c1", dataset::Verdict::kClass, "beta");
  diagnosis.lesions.resize(2);
  for (int lesion = 0; lesion < 2; ++lesion) {
    diagnosis.lesions[static_cast<std::size_t>(lesion)].id = lesion + 1;
    diagnosis.lesions[static_cast<std::size_t>(lesion)].peak_score = 0.9 - 0.2 * lesion;
    diagnosis.lesions[static_cast<std::size_t>(lesion)].class_probabilities = {0.2, 0.5, 0.3};
  }
  cohort.Diagnose("c1", diagnosis);
  image::LabelVolume lesions = BlockOf(1);
  lesions.At(14, 10, 1) = 2;
  std::filesystem::create_directories(cohort.predictions() / "lesions");
  image::WriteNifti(cohort.predictions() / "lesions" / "c1.nii.gz", lesions);
  cohort.Diagnose("c2", DiagnosisOf("c2", dataset::Verdict::kNoTumour, ""));
  const Evaluation evaluation = EvaluateAll(cohort);
  ASSERT_TRUE(evaluation.cases[0].detections.has_value());
  EXPECT_EQ(evaluation.cases[0].detections->size(), 2U);
  EXPECT_TRUE((*evaluation.cases[0].detections)[0].is_true);
  EXPECT_FALSE((*evaluation.cases[0].detections)[1].is_true);
  EXPECT_FALSE(evaluation.cases[2].detections.has_value()) << "no diagnosis";
  const LesionSummary summary = Summarise(evaluation, kFewDraws).lesions;
  EXPECT_EQ(summary.froc.patients, 2);
  EXPECT_EQ(summary.froc.reference_lesions, 2);
  EXPECT_EQ(summary.without_scores, 1);
  EXPECT_EQ(summary.froc.rates[0].sensitivity, 0.5);
}

TEST(Document, AMissingFigureOrAnotherVersionIsRefused) {
  const Evaluation evaluation = MixedEvaluation();
  base::Json document = DocumentOf(evaluation, Summarise(evaluation, kFewDraws));
  document["metric_per_case"][0]["metrics"]["2"].erase("TP");
  EXPECT_THROW(EvaluationFromJson(document, "evaluation.json"), base::Error);
  document = DocumentOf(evaluation, Summarise(evaluation, kFewDraws));
  document["format_version"] = 99;
  EXPECT_THROW(EvaluationFromJson(document, "evaluation.json"), base::Error);
}

TEST(Origin, IsSyntheticOnlyWhenTheDatasetSaysSo) {
  EXPECT_EQ(OriginOf("Simulated head-and-neck phantom"), Origin::kSynthetic);
  EXPECT_EQ(OriginOf("SYNTHETIC patients"), Origin::kSynthetic);
  EXPECT_EQ(OriginOf("Patients of a hospital"), Origin::kUnknown);
  EXPECT_EQ(OriginOf(""), Origin::kUnknown);
}

}  // namespace
}  // namespace parotis::evaluate
