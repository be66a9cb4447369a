#include "model/losses.h"

#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <cmath>

namespace parotis::model {
namespace {

// Two slices; left half label 1, one corner label 2.
torch::Tensor Target() {
  torch::Tensor target = torch::zeros({2, 8, 8}, at::kLong);
  target.slice(2, 0, 4).fill_(1);
  target.slice(1, 0, 2).slice(2, 6, 8).fill_(2);
  return target;
}

// Logits that are sure of `labels`.
torch::Tensor SureOf(const torch::Tensor& labels, std::int64_t label_count = 3) {
  return torch::one_hot(labels, label_count).permute({0, 3, 1, 2}).to(at::kFloat) * 40;
}

LossWeights Equal() { return LossWeightsOf({}, {"background", "a", "b"}, {0, 5, 5}, at::kCPU); }

TEST(SoftDiceLoss, IsZeroForAPerfectAndOneForADisjointPrediction) {
  EXPECT_NEAR(SoftDiceLoss(SureOf(Target()), Target()).item<double>(), 0, 1e-5);
  EXPECT_NEAR(SoftDiceLoss(SureOf((Target() + 1) % 3), Target()).item<double>(), 1, 1e-5);
}

TEST(SoftDiceLoss, EqualsItsFormulaForAnUndecidedPrediction) {
  // p = 1/3 everywhere: 1 − mean over labels of 2·(n_l/3) / (128/3 + n_l), with n = 64 and 8 of 128 pixels.
  const double expected = 1 - (2 * 64.0 / 3 / (128.0 / 3 + 64) + 2 * 8.0 / 3 / (128.0 / 3 + 8)) / 2;
  EXPECT_NEAR(SoftDiceLoss(torch::zeros({2, 3, 8, 8}), Target()).item<double>(), expected, 1e-6);
}

TEST(SoftDiceLoss, SumsOverTheBatchAndNotPerSlice) {
  torch::Tensor target = Target();
  target[1].zero_();  // label 1 is missing in one slice only, where it is falsely predicted
  const torch::Tensor logits = SureOf(torch::where(target == 1, target, torch::zeros_like(target)) +
                                      (Target() == 1).to(at::kLong) * (target == 0));
  // Label 1: 2·32 / (64 + 32); label 2 is never predicted.
  EXPECT_NEAR(SoftDiceLoss(logits, target).item<double>(), 1 - (64.0 / 96 + 0) / 2, 1e-4);
}

TEST(SoftDiceLoss, LeavesOutLabelsThatTheBatchDoesNotShow) {
  const torch::Tensor target = Target().clamp_max(1);
  EXPECT_NEAR(SoftDiceLoss(SureOf(target), target).item<double>(), 0, 1e-5);
  const torch::Tensor nothing = torch::zeros({1, 4, 4}, at::kLong);
  EXPECT_EQ(SoftDiceLoss(torch::randn({1, 3, 4, 4}), nothing).item<double>(), 0);
}

TEST(SegmentationLoss, SwappedClassesAreWorseThanMissedOnesAndBothWorseThanTheTruth) {
  const torch::Tensor target = Target();
  const torch::Tensor swapped = torch::where(target == 1, 2, torch::where(target == 2, 1, 0));
  const auto loss = [&](const torch::Tensor& labels) {
    return SegmentationLoss({SureOf(labels) / 10}, target, Equal()).total.item<double>();
  };
  EXPECT_LT(loss(target), loss(torch::where(target == 2, 0, target)));
  EXPECT_LT(loss(torch::where(target == 2, 0, target)), loss(swapped));
}

TEST(SegmentationLoss, CrossEntropyWeighsClassesAsThePlanSays) {
  plan::LossPlan plan;
  plan.dice = 0;
  plan.class_weights = {{"b", 3.0}};
  const LossWeights weights = LossWeightsOf(plan, {"background", "a", "b"}, {0, 5, 5}, at::kCPU);
  torch::Tensor target = torch::zeros({1, 1, 2}, at::kLong);
  target[0][0][1] = 2;
  torch::Tensor logits = torch::zeros({1, 3, 1, 2});
  logits[0][2][0][1] = std::log(2.0);  // p(b) = 1/2 where b is the truth, 1/3 for the background elsewhere
  EXPECT_NEAR(SegmentationLoss({logits}, target, weights).total.item<double>(), (std::log(3.0) + 3 * std::log(2.0)) / 4,
              1e-6);
}

TEST(SegmentationLoss, CoarserLevelsCountHalfAsMuchEach) {
  const torch::Tensor target = Target();
  const torch::Tensor undecided = torch::zeros({2, 3, 8, 8}), undecided_coarse = torch::zeros({2, 3, 4, 4});
  const torch::Tensor sure = SureOf(target), sure_coarse = SureOf(target.slice(1, 0, 8, 2).slice(2, 0, 8, 2));
  const double fine_only = SegmentationLoss({undecided, sure_coarse}, target, Equal()).total.item<double>();
  const double coarse_only = SegmentationLoss({sure, undecided_coarse}, target, Equal()).total.item<double>();
  EXPECT_NEAR(fine_only, SegmentationLoss({undecided}, target, Equal()).total.item<double>() * 2 / 3, 1e-4);
  EXPECT_NEAR(fine_only / coarse_only, 2, 0.1);  // the coarse truth has slightly other areas
}

TEST(SegmentationLoss, FollowsItsGradientDownhill) {
  torch::Tensor logits = torch::randn({2, 3, 8, 8}).set_requires_grad(true);
  const torch::Tensor before = SegmentationLoss({logits}, Target(), Equal()).total;
  before.backward();
  const torch::Tensor after = SegmentationLoss({logits.detach() - 5 * logits.grad()}, Target(), Equal()).total;
  EXPECT_LT(after.item<double>(), before.item<double>());
}

TEST(SegmentationLoss, FocusLeavesWhatIsRightAloneAndIsPlainCrossEntropyWithoutIt) {
  const torch::Tensor target = Target();
  const torch::Tensor logits = torch::randn({2, 3, 8, 8}, at::detail::createCPUGenerator(4));
  plan::LossPlan plan;
  plan.dice = 0;
  const auto loss = [&](double gamma, const torch::Tensor& of) {
    plan.focal_gamma = gamma;
    const LossWeights weights = LossWeightsOf(plan, {"background", "a", "b"}, {0, 5, 5}, at::kCPU);
    return SegmentationLoss({of}, target, weights).total.item<double>();
  };
  const torch::Tensor log_p = torch::log_softmax(logits, 1).gather(1, target.unsqueeze(1));
  const double expected = (-(1 - log_p.exp()).square() * log_p).mean().item<double>();
  EXPECT_NEAR(loss(2, logits), expected, 1e-5);
  EXPECT_NEAR(loss(1e-9, logits), loss(0, logits), 1e-5);
  EXPECT_LT(loss(2, SureOf(target) / 10), 0.01 * loss(0, SureOf(target) / 10));
}

TEST(EffectiveNumberWeights, CountRarePatientsMoreWithAMeanOfOne) {
  const auto weights = EffectiveNumberWeights({40, 30, 30, 10, 0}, 0.9);
  EXPECT_EQ(weights[0], 1);
  EXPECT_NEAR(weights[3] / weights[1], (1 - std::pow(0.9, 30)) / (1 - std::pow(0.9, 10)), 1e-12);
  EXPECT_NEAR((weights[1] + weights[2] + weights[3]) / 3, 1, 1e-12);
  EXPECT_EQ(weights[4], 1) << "a label nobody has";
  EXPECT_EQ(EffectiveNumberWeights({40, 30, 10}, 0), std::vector<double>(3, 1));
}

}  // namespace
}  // namespace parotis::model
