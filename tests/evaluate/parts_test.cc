// Labels that are parts of the body, of which a case shows several: nothing may be said of classes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluate/comparison.h"
#include "evaluate/fold_metrics.h"
#include "evaluate/summary.h"
#include "tests/evaluate/small_cohort.h"

namespace parotis::evaluate {
namespace {

using test::BlockOf;
using testing::HasSubstr;
using testing::Not;

// The block's left half is `left`, its right half `right`.
image::LabelVolume HalvesOf(std::uint8_t left, std::uint8_t right, std::int64_t shift = 0) {
  image::LabelVolume map = BlockOf(left, shift);
  for (std::int64_t k = 1; k < 3; ++k) {
    for (std::int64_t j = 4; j < 8; ++j) {
      for (std::int64_t i = 6; i < 8; ++i) map.At(i + shift, j, k) = right;
    }
  }
  return map;
}

// `parts` cases that show alpha and beta, then `tumours` that show one of them; every prediction a voxel off.
Evaluation RunOf(int parts, int tumours, std::int64_t shift = 1) {
  Evaluation run;
  run.name = "run";
  run.classes = {"alpha", "beta", "gamma"};
  for (int p = 0; p < parts + tumours; ++p) {
    const auto second = static_cast<std::uint8_t>(p < parts ? 2 : 1);
    CaseResult result = EvaluateCase(HalvesOf(1, second), HalvesOf(1, second, shift), run.classes, "");
    result.case_id = result.patient_id = "p" + std::to_string(p);
    result.fold = p % 2;
    run.cases.push_back(std::move(result));
  }
  return run;
}

TEST(LabelsAreDiagnoses, UntilMoreThanHalfOfTheCasesShowSeveral) {
  EXPECT_TRUE(LabelsAreDiagnoses(RunOf(0, 4)));
  EXPECT_TRUE(LabelsAreDiagnoses(RunOf(2, 2)));
  EXPECT_FALSE(LabelsAreDiagnoses(RunOf(3, 2)));
  EXPECT_TRUE(LabelsAreDiagnoses({})) << "nothing speaks against it";
}

TEST(LabelsAreDiagnoses, OfOneLabelWhenACaseMayBeFreeOfIt) {
  Evaluation run;
  run.classes = {"spleen"};
  run.cases = {EvaluateCase(HalvesOf(1, 1), HalvesOf(1, 1), run.classes, ""),
               EvaluateCase(HalvesOf(1, 1), HalvesOf(0, 0), run.classes, "")};
  EXPECT_FALSE(LabelsAreDiagnoses(run)) << "missed once, but always there";
  run.cases.push_back(EvaluateCase(HalvesOf(0, 0), HalvesOf(0, 0), run.classes, ""));
  EXPECT_TRUE(LabelsAreDiagnoses(run)) << "there is something to tell apart";
}

TEST(PartsOfTheBody, AreSummarisedByOverlapAlone) {
  const Summary summary = Summarise(RunOf(4, 0));
  EXPECT_EQ(summary.classification.strict_accuracy.n, 0);
  EXPECT_EQ(summary.discrimination.n, 0);
  EXPECT_EQ(summary.calibration.n, 0);
  EXPECT_NEAR(summary.classes[0].dice.mean, 0.5, 1e-12) << "two columns, one of them off";
  EXPECT_NEAR(summary.classes[0].dice_interval.low, 0.5, 1e-12);
  EXPECT_EQ(summary.classes[2].dice.undefined, 4) << "gamma is in neither map";
  EXPECT_EQ(ToJson(summary)["labels_are"], "parts");
  EXPECT_TRUE(ToJson(summary)["classification"]["strict_accuracy"]["estimate"].is_null());
  const std::string text = TextOf(summary);
  EXPECT_THAT(text, HasSubstr(kPartsSentence));
  EXPECT_THAT(text, HasSubstr("0.500 [0.500, 0.500]"));
  EXPECT_THAT(text, Not(HasSubstr("accuracy")));
}

TEST(PartsOfTheBody, AreComparedByDiceAlone) {
  const ComparisonSet set = CompareRuns({RunOf(4, 0, 0), RunOf(4, 0, 1)}, {{200, 1, kConfidence, 1}, true, {}});
  ASSERT_EQ(set.pairs[0].measures.size(), 1U);
  EXPECT_EQ(set.pairs[0].measures[0].name, kTumourDice);
  EXPECT_THAT(MainMeasuresOf(ViewOf(RunOf(4, 0))), testing::ElementsAre(kTumourDice));
  EXPECT_THAT(TextOf(set), Not(HasSubstr("class right")));
  for (const FoldMetrics& fold : MetricsByFold(RunOf(4, 0))) {
    EXPECT_TRUE(std::isnan(fold.strict_accuracy));
    EXPECT_NEAR(fold.tumour_dice, 0.75, 1e-12);
  }
}

}  // namespace
}  // namespace parotis::evaluate
