#include "evaluate/fold_metrics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/evaluate/small_cohort.h"

namespace parotis::evaluate {
namespace {

using test::BlockOf;

void Add(Evaluation& run, int fold, std::uint8_t label, std::uint8_t said) {
  CaseResult result = EvaluateCase(BlockOf(label), BlockOf(said), run.classes, "");
  result.case_id = result.patient_id = "p" + std::to_string(run.cases.size());
  result.fold = fold;
  run.cases.push_back(result);
}

TEST(MetricsByFold, AreOfEachFoldsPatientsWithATumour) {
  Evaluation run;
  run.classes = {"alpha", "beta", "gamma"};
  Add(run, 1, 1, 1);
  Add(run, 1, 2, 1);  // found, called otherwise
  Add(run, 1, 0, 0);  // no tumour: counts in neither
  Add(run, 0, 3, 0);  // missed
  Add(run, 4, 0, 0);
  Add(run, kNoFold, 1, 1);
  const std::vector<FoldMetrics> metrics = MetricsByFold(run);
  ASSERT_EQ(metrics.size(), 3U);
  EXPECT_EQ(metrics[0].fold, 0);
  EXPECT_EQ(metrics[0].strict_accuracy, 0);
  EXPECT_EQ(metrics[0].tumour_dice, 0);
  EXPECT_EQ(metrics[1].fold, 1);
  EXPECT_EQ(metrics[1].strict_accuracy, 0.5);
  EXPECT_EQ(metrics[1].tumour_dice, 1);
  EXPECT_EQ(metrics[2].fold, 4);
  EXPECT_TRUE(std::isnan(metrics[2].strict_accuracy)) << "no patient with a tumour";
}

}  // namespace
}  // namespace parotis::evaluate
