#include "evaluate/readers.h"

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
const BootstrapOptions kFewDraws = {200, 1, kConfidence, 1};

// Patients p1 … p4: alpha, alpha, beta, without a tumour. The run says alpha, beta, beta, none.
Evaluation TheRun() {
  Evaluation run;
  run.name = "run";
  run.classes = kClasses;
  const std::vector<std::array<std::uint8_t, 2>> labels = {{1, 1}, {1, 2}, {2, 2}, {0, 0}};
  for (std::size_t p = 0; p < labels.size(); ++p) {
    CaseResult result = EvaluateCase(BlockOf(labels[p][0]), BlockOf(labels[p][1]), kClasses, "");
    result.case_id = "c" + std::to_string(p + 1);
    result.patient_id = "p" + std::to_string(p + 1);
    run.cases.push_back(result);
  }
  return run;
}

std::vector<Reader> Readers(const std::string& csv) {
  return ReadersOf(base::ParseCsv(csv, "readers.csv"), "readers.csv", TheRun());
}

std::string Refusal(const std::string& csv) {
  try {
    Readers(csv);
  } catch (const base::Error& error) {
    return error.message();
  }
  return "";
}

constexpr const char* kTwoReaders =
    "participant_id,reader,class\n"
    "p1,ann,alpha\np2,ann,alpha\np3,ann,gamma\np4,ann,no tumour found\n"
    "p1,bob,alpha\np2,bob,beta\np3,bob,beta\n";

TEST(Readers, AreHeldAgainstTheRunOnThePatientsTheyHaveRead) {
  const ReaderStudy study = CompareReaders(TheRun(), Readers(kTwoReaders), kFewDraws);
  ASSERT_EQ(study.readers.size(), 2U);
  const ReaderComparison& ann = study.readers[0];
  EXPECT_EQ(ann.patients, 4);
  EXPECT_EQ(ann.left_out, 0);
  EXPECT_EQ(ann.with_run.strict.both, 1);
  EXPECT_EQ(ann.with_run.strict.only_first, 1) << "p3: the run alone is right";
  EXPECT_EQ(ann.with_run.strict.only_second, 1) << "p2: the reader alone is right";
  EXPECT_EQ(ann.with_run.tumour_free.both, 1);
  EXPECT_EQ(ann.sensitivity[0].n(), 2);
  EXPECT_EQ(ann.sensitivity[0].only_second, 1);
  EXPECT_EQ(ann.specificity[0].n(), 1);
  EXPECT_EQ(study.readers[1].left_out, 1);
  EXPECT_EQ(study.readers[1].with_run.strict.difference(), 0);
}

TEST(Readers, TheMajorityOfThoseWhoReadEveryPatientSpeaksAndATieIsIndeterminate) {
  const ReaderStudy study = CompareReaders(TheRun(), Readers(kTwoReaders), kFewDraws);
  EXPECT_EQ(study.read_by_all, 3);
  ASSERT_EQ(study.majority.size(), 1U);
  EXPECT_EQ(study.majority[0].classification.strict_accuracy.count, 1) << "they agree on p1 alone";
  EXPECT_EQ(study.majority[0].classification.strict_accuracy.n, 3);
  EXPECT_NEAR(study.cohen_kappa[0][1], (1.0 / 3 - 2.0 / 9) / (1 - 2.0 / 9), 1e-12);
  EXPECT_TRUE(CompareReaders(TheRun(), Readers("reader,class,case_id\nann,beta,c1\n"), kFewDraws).majority.empty());
}

TEST(Readers, ConfidenceIsSharedAndProbabilitiesAreTaken) {
  const auto sure = Readers("case_id,reader,class,confidence\nc1,ann,alpha,0.8\nc3,ann,beta,0.6\n");
  EXPECT_NEAR(sure[0].patients[0].verdict.class_probabilities[1], 0.1, 1e-12);
  const auto given = Readers("case_id,reader,class,alpha,beta,gamma\nc1,ann,alpha,0.5,0.3,0.2\nc3,ann,beta,0,1,0\n");
  EXPECT_EQ(given[0].patients[1].verdict.class_probabilities[1], 1);
  const ReaderStudy study = CompareReaders(TheRun(), given, kFewDraws);
  EXPECT_EQ(study.readers[0].with_run.Find(kMeanAuc), nullptr) << "the run has label maps alone";
}

TEST(Readers, WhatCannotBeMatchedIsRefusedWithItsLine) {
  EXPECT_THAT(Refusal("participant_id,reader,class\np1,ann,alpha\np9,ann,alpha\n"), HasSubstr("line 3"));
  EXPECT_THAT(Refusal("case_id,reader,class\nc9,ann,alpha\n"), HasSubstr("no case \"c9\""));
  EXPECT_THAT(Refusal("case_id,reader,class\nc1,ann,delta\n"), HasSubstr("\"delta\" is none of"));
  EXPECT_THAT(Refusal("case_id,reader,class\nc1,ann,alpha\nc1,ann,beta\n"), HasSubstr("line 3"));
  EXPECT_THAT(Refusal("case_id,reader,class,confidence\nc1,ann,alpha,80\n"), HasSubstr("no probability"));
  EXPECT_THAT(Refusal("case_id,reader,class,alpha,beta,gamma\nc1,ann,alpha,1,1,0\n"), HasSubstr("sum to 2"));
  EXPECT_THAT(Refusal("case_id,reader,class,alpha\nc1,ann,alpha,1\n"), HasSubstr("each of alpha"));
  EXPECT_THAT(Refusal("case_id,participant_id,reader,class\nc1,p2,ann,alpha\n"), HasSubstr("is of patient p1"));
  EXPECT_THAT(Refusal("reader,class,patient\nann,alpha,p1\n"), HasSubstr("case_id"));
  EXPECT_THAT(Refusal("case_id,reader,class\nc1,,alpha\n"), HasSubstr("reader is missing"));
}

}  // namespace
}  // namespace parotis::evaluate
