// Makes what tests/support/chain.h promises. The other tests of the program need it (a ctest fixture).
#include <gtest/gtest.h>

#include "plan/plan.h"
#include "tests/support/chain.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;

// Small enough to train in seconds; it learns nothing worth having.
void ShrinkPlan() {
  plan::Plan plan = plan::ReadPlan(test::PlanFile());
  plan.preparation.spacing_mm[0] = plan.preparation.spacing_mm[1] = 3;
  plan.network.widths = {8, 12, 16};
  plan.batch.patch = {64, 80};
  plan.batch.size = 4;
  plan.batch.quota.clear();
  for (std::size_t label = 1; label < plan.labels.size(); ++label) plan.batch.quota[plan.labels[label]] = 1;
  plan.batch.quota["tumour_free"] = 1;
  plan.optimiser.iterations = 24;
  plan.optimiser.warmup_iterations = 4;
  plan.training.validate_every = 12;
  plan.training.validation_cases = 1;
  plan.training.checkpoint_every = 4;
  plan.training.precision = "float32";
  plan::WritePlan(test::PlanFile(), plan);
}

void Expect(const std::vector<std::string>& arguments) {
  const test::Outcome outcome = test::RunProgram(arguments);
  ASSERT_EQ(outcome.exit_code, 0) << arguments[0] << ": " << outcome.err;
}

TEST(Cohort, IsMade) {
  fs::remove_all(test::ChainFolder());
  Expect({"simulate", "-o", test::CohortFolder(), "--n", "6", "--mix", "warthin=2,pleomorphic=2,malignant=2", "--seed",
          "5"});
  Expect({"simulate", "--dicom", test::DicomFolder(), "--n", "1", "--mix", "malignant=1", "--seed", "77"});
  Expect({"plan", "-d", test::CohortFolder(), "-o", test::PlanFile()});
  ASSERT_NO_THROW(ShrinkPlan());
  Expect({"train", "-d", test::CohortFolder(), "-p", test::PlanFile(), "-c", "diffusion", "--all", "-o",
          test::RunFolder(), "--threads", "1"});
  ASSERT_TRUE(fs::exists(test::ModelFile()));
}

}  // namespace
}  // namespace parotis
