#include "plan/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace parotis::plan {
namespace {

using base::Json;

Json MinimalJson() {
  return {{"labels", {"background", "warthin", "malignant"}}, {"channels", {{{"name", "T2"}}, {{"name", "ADC"}}}}};
}

TEST(Plan, LabelsAndChannelsAreEnoughToMakeAPlan) {
  const Plan plan = PlanFromJson(MinimalJson(), "plan.json");
  EXPECT_EQ(plan.optimiser.iterations, OptimiserPlan{}.iterations);
  EXPECT_THAT(plan.batch.quota,
              testing::UnorderedElementsAre(testing::Pair("warthin", 6), testing::Pair("malignant", 5),
                                            testing::Pair("tumour_free", 5)));
  EXPECT_THAT(plan.ChannelsOf(""), testing::ElementsAre("T2", "ADC"));
}

TEST(Plan, ReadingWhatWasWrittenGivesTheSamePlan) {
  Plan plan = PlanFromJson(MinimalJson(), "plan.json");
  plan.preparation.crop = CropRule::kNonzero;
  plan.batch.foreground_fraction = 0.1;
  EXPECT_EQ(ToJson(PlanFromJson(ToJson(plan), "plan.json")).dump(), ToJson(plan).dump());
}

}  // namespace
}  // namespace parotis::plan
