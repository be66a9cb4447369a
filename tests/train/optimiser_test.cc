#include "train/optimiser.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/small_plan.h"

namespace parotis::train {
namespace {

model::UNet Network(std::uint64_t seed = 1) { return model::UNet(test::SmallPlan().network, 1, 2, seed); }

void SetGradients(model::UNet& network, double value) {
  for (torch::Tensor& parameter : network->parameters()) parameter.mutable_grad() = torch::full_like(parameter, value);
}

torch::Tensor Weight(const model::UNet& network, const std::string& name = "up_0.weight") {
  return model::StateOf(*network).at(name).detach().clone();
}

plan::OptimiserPlan Plan() {
  plan::OptimiserPlan plan;
  plan.iterations = 110;
  plan.warmup_iterations = 10;
  plan.gradient_clip = 0;
  return plan;
}

TEST(LearningRate, WarmsUpLinearlyAndDecaysToZero) {
  plan::OptimiserPlan plan = Plan();
  plan.decay_power = 2;
  EXPECT_DOUBLE_EQ(LearningRate(plan, 0), plan.learning_rate / 10);
  EXPECT_DOUBLE_EQ(LearningRate(plan, 9), plan.learning_rate);
  EXPECT_DOUBLE_EQ(LearningRate(plan, 60), plan.learning_rate / 4);
  EXPECT_DOUBLE_EQ(LearningRate(plan, 110), 0);
}

TEST(AdamW, TheFirstStepIsTheLearningRateWhateverTheGradientsSize) {
  for (const double gradient : {1e-3, 10.0}) {
    model::UNet network = Network(), average = Network();
    plan::OptimiserPlan plan = Plan();
    plan.weight_decay = 0;
    Optimiser optimiser(plan, network, average);
    const torch::Tensor before = Weight(network);
    SetGradients(network, gradient);
    optimiser.Step(0);
    EXPECT_TRUE((before - Weight(network)).allclose(torch::full_like(before, LearningRate(plan, 0)), 1e-3, 1e-8))
        << gradient;
  }
}

TEST(AdamW, EqualsLibTorchsOwnOverSeveralSteps) {
  model::UNet ours = Network(), average = Network(), theirs = Network();
  plan::OptimiserPlan plan = Plan();
  plan.warmup_iterations = 0;
  plan.decay_power = 0;  // a constant rate
  plan.weight_decay = 0.1;
  Optimiser optimiser(plan, ours, average);
  torch::optim::AdamW reference({theirs->named_parameters()["up_0.weight"]},
                                torch::optim::AdamWOptions(plan.learning_rate).weight_decay(plan.weight_decay));
  for (int step = 0; step < 5; ++step) {
    SetGradients(ours, 0.1 * step - 0.2);
    SetGradients(theirs, 0.1 * step - 0.2);
    optimiser.Step(step);
    reference.step();
  }
  EXPECT_TRUE(Weight(ours).allclose(Weight(theirs), 1e-5, 1e-7));
}

TEST(Sgd, EqualsLibTorchsNesterov) {
  model::UNet ours = Network(), average = Network(), theirs = Network();
  plan::OptimiserPlan plan = Plan();
  plan.kind = plan::OptimiserKind::kSgd;
  plan.warmup_iterations = 0;
  plan.decay_power = 0;
  plan.weight_decay = 0.01;
  Optimiser optimiser(plan, ours, average);
  torch::optim::SGD reference({theirs->named_parameters()["up_0.weight"]}, torch::optim::SGDOptions(plan.learning_rate)
                                                                               .momentum(plan.momentum)
                                                                               .weight_decay(plan.weight_decay)
                                                                               .nesterov(true));
  for (int step = 0; step < 5; ++step) {
    SetGradients(ours, 0.1 * step - 0.3);
    SetGradients(theirs, 0.1 * step - 0.3);
    optimiser.Step(step);
    reference.step();
  }
  EXPECT_TRUE(Weight(ours).allclose(Weight(theirs), 1e-5, 1e-7));
}

TEST(Optimiser, DecaysConvolutionsButNeitherNormsNorBiases) {
  model::UNet network = Network(), average = Network();
  plan::OptimiserPlan plan = Plan();
  plan.weight_decay = 0.5;
  Optimiser optimiser(plan, network, average);
  const torch::Tensor weight = Weight(network), scale = Weight(network, "encoder_0.0.scale");
  SetGradients(network, 0);
  optimiser.Step(9);
  EXPECT_LT(Weight(network).abs().sum().item<double>(), weight.abs().sum().item<double>());
  EXPECT_TRUE(Weight(network, "encoder_0.0.scale").equal(scale));
}

TEST(Optimiser, ClipsTheNormOfAllGradientsTogetherAndReportsItUnclipped) {
  model::UNet network = Network(), average = Network();
  plan::OptimiserPlan plan = Plan();
  plan.kind = plan::OptimiserKind::kSgd;
  plan.momentum = 0;
  plan.weight_decay = 0;
  plan.gradient_clip = 1;
  Optimiser optimiser(plan, network, average);
  const auto count = static_cast<double>(model::CountParameters(*network));
  const torch::Tensor before = Weight(network);
  SetGradients(network, 3);
  EXPECT_NEAR(optimiser.Step(9), 3 * std::sqrt(count), 1e-2);
  EXPECT_TRUE(
      (before - Weight(network)).allclose(torch::full_like(before, plan.learning_rate / std::sqrt(count)), 1e-2, 1e-8));
}

TEST(Optimiser, AGradientThatIsNotFiniteChangesNothing) {
  model::UNet network = Network(), average = Network();
  Optimiser optimiser(Plan(), network, average);
  const torch::Tensor before = Weight(network);
  SetGradients(network, std::nan(""));
  EXPECT_FALSE(std::isfinite(optimiser.Step(0)));
  EXPECT_TRUE(Weight(network).equal(before));
}

TEST(Optimiser, TheAverageFollowsTheWeightsSlowly) {
  model::UNet network = Network(), average = Network();
  plan::OptimiserPlan plan = Plan();
  plan.ema_decay = 0.9;
  Optimiser optimiser(plan, network, average);
  const torch::Tensor start = Weight(average);
  SetGradients(network, 1);
  optimiser.Step(100);
  const torch::Tensor expected = start * 0.9 + Weight(network) * 0.1;
  EXPECT_TRUE(Weight(average).allclose(expected, 1e-5, 1e-7));
}

TEST(Optimiser, FrozenWeightsDoNotMoveNorDecayNorCountAndThenBeginAnew) {
  model::UNet network = Network(), average = Network();
  plan::OptimiserPlan plan = Plan();
  plan.weight_decay = 0.5;
  Optimiser optimiser(plan, network, average, {{"up_0.weight", {1, 3}}});
  const torch::Tensor start = Weight(network);
  const auto others = static_cast<double>(model::CountParameters(*network) - start.numel());
  for (std::int64_t iteration = 0; iteration < 3; ++iteration) {
    SetGradients(network, 2);
    EXPECT_NEAR(optimiser.Step(iteration), 2 * std::sqrt(others), 1e-2);
    EXPECT_TRUE(Weight(network).equal(start));
    EXPECT_TRUE(Weight(average).equal(start));
    EXPECT_FALSE(Weight(network, "up_1.weight").equal(Weight(Network(), "up_1.weight")));
  }
  // Its first step is AdamW's first: the learning rate, whatever the gradient's size.
  SetGradients(network, 2);
  optimiser.Step(3);
  const double rate = LearningRate(plan, 3);
  EXPECT_TRUE(Weight(network).allclose(start * (1 - rate * 0.5) - rate, 1e-3, 1e-8));
}

TEST(Optimiser, APartsFactorScalesItsSteps) {
  for (const auto kind : {plan::OptimiserKind::kAdamW, plan::OptimiserKind::kSgd}) {
    model::UNet one = Network(), one_average = Network(), other = Network(), other_average = Network();
    plan::OptimiserPlan plan = Plan();
    plan.kind = kind;
    Optimiser whole(plan, one, one_average), tenth(plan, other, other_average, {{"up_0.weight", {0.1, 0}}});
    const torch::Tensor start = Weight(one);
    SetGradients(one, 1), SetGradients(other, 1);
    whole.Step(9), tenth.Step(9);
    EXPECT_TRUE(((Weight(one) - start) / 10).allclose(Weight(other) - start, 1e-2, 1e-7));
    EXPECT_TRUE(Weight(one, "up_1.weight").equal(Weight(other, "up_1.weight")));
  }
}

}  // namespace
}  // namespace parotis::train
