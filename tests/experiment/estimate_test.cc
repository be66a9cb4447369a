#include "experiment/estimate.h"

#include <gtest/gtest.h>

#include "tests/support/fake_study.h"

namespace parotis::experiment {
namespace {

TEST(Estimate, AddsUpWhatWasMeasured) {
  const evaluate::test::SmallCohort cohort(test::FakePatients());  // 27 cases, four folds
  Study study = test::FakeStudy();
  study.tests = {{"others", cohort.folder()}};
  const Setting setting =
      Consider(study, dataset::OpenDataset(cohort.folder()), {}, cohort.root() / "runs", test::FakePlan);
  MeasuredCost cost;
  cost.seconds_per_iteration = 0.01;
  cost.seconds_per_prediction = 0.5;
  cost.seconds_to_start = 2;
  cost.peak_bytes = 1000;
  cost.prepared_bytes = 10;
  const Estimate estimate = EstimateStudy(setting, {{"plan", cost}}, 2);
  EXPECT_EQ(estimate.members, 12U);
  EXPECT_EQ(estimate.runs, 8U);
  const int iterations = setting.plans.at("plan").optimiser.iterations;
  // Every case lies in one of the two held-out folds of three of six members; a run predicts a case with three
  // networks.
  EXPECT_NEAR(estimate.member_seconds, 12 * (2 + 0.01 * iterations) + 2 * 3 * 27 * 0.5, 1e-6);
  EXPECT_NEAR(estimate.run_seconds, 8 * 2 + 2 * 3 * 27 * 0.5, 1e-6);
  EXPECT_EQ(estimate.finals, 2U);
  EXPECT_NEAR(estimate.final_seconds, 2 * (2 + 6 * 27 * 0.5), 1e-6) << "with all six networks";
  EXPECT_NEAR(estimate.seconds, (estimate.member_seconds + estimate.run_seconds + estimate.final_seconds) / 2, 1e-6);
  EXPECT_EQ(estimate.memory_bytes, 2000);
  EXPECT_EQ(estimate.cache_bytes, 270);
}

}  // namespace
}  // namespace parotis::experiment
