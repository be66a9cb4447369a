#include "model/unet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "model/norm_activation.h"
#include "tests/support/small_plan.h"

namespace parotis::model {
namespace {

using testing::ElementsAre;

UNet SmallNetwork(std::uint64_t seed = 1, plan::NetworkNorm norm = plan::NetworkNorm::kInstance) {
  plan::NetworkPlan plan = test::SmallPlan().network;
  plan.norm = norm;
  return UNet(plan, /*channels=*/2, /*labels=*/3, seed);
}

RC_GTEST_PROP(UNetShape, LogitsHaveTheSizeOfTheImageWhateverItIs, ()) {
  const auto rows = *rc::gen::inRange<std::int64_t>(1, 40), columns = *rc::gen::inRange<std::int64_t>(1, 40);
  UNet network = SmallNetwork();
  network->eval();
  const c10::InferenceMode inference_mode;
  const auto logits = network->forward(torch::zeros({2, 2, rows, columns}));
  RC_ASSERT(logits.size() == 1U);
  RC_ASSERT(logits[0].sizes() == at::IntArrayRef({2, 3, rows, columns}));
}

TEST(UNet, TrainingSupervisesEveryDecoderLevelButTheCoarsest) {
  plan::NetworkPlan plan;
  plan.widths = {4, 4, 4, 4};
  UNet network(plan, 1, 2, 1);
  const auto logits = network->forward(torch::zeros({1, 1, 33, 40}));
  ASSERT_EQ(logits.size(), 2U);
  EXPECT_THAT(logits[0].sizes().vec(), ElementsAre(1, 2, 33, 40));
  EXPECT_THAT(logits[1].sizes().vec(), ElementsAre(1, 2, 17, 20));
}

TEST(UNet, NeighbouringSlicesMultiplyTheInputChannels) {
  plan::NetworkPlan plan = test::SmallPlan().network;
  plan.neighbour_slices = 2;
  EXPECT_EQ(UNet(plan, 3, 2, 1)->input_channels(), 15);
}

TEST(UNet, EveryParameterReceivesAGradient) {
  for (const auto norm : {plan::NetworkNorm::kInstance, plan::NetworkNorm::kBatch, plan::NetworkNorm::kGroup}) {
    UNet network = SmallNetwork(1, norm);
    torch::Tensor sum = torch::zeros({});
    for (const torch::Tensor& logits : network->forward(torch::randn({2, 2, 24, 32})))
      sum = sum + logits.square().sum();
    sum.backward();
    for (const auto& item : network->named_parameters()) {
      ASSERT_TRUE(item.value().grad().defined()) << item.key();
      EXPECT_GT(item.value().grad().abs().sum().item<double>(), 0) << item.key();
    }
  }
}

TEST(UNet, TheSameSeedGivesTheSameWeightsAndAnotherSeedOthers) {
  const auto weights = [](std::uint64_t seed) {
    return StateOf(*SmallNetwork(seed)).at("encoder_0.0.convolution.weight");
  };
  EXPECT_TRUE(weights(5).equal(weights(5)));
  EXPECT_FALSE(weights(5).equal(weights(6)));
}

TEST(UNet, FreshWeightsNeitherAmplifyNorExtinguishTheSignal) {
  plan::NetworkPlan plan;
  plan.widths = {16, 32, 64};
  UNet network(plan, 3, 4, 1);
  network->eval();
  const double sd = network->forward(torch::randn({2, 3, 64, 64}))[0].std().item<double>();
  EXPECT_GT(sd, 0.3);
  EXPECT_LT(sd, 5);
}

TEST(InstanceNormLeakyRelu, EqualsItsFormula) {
  const torch::Tensor x = torch::randn({2, 3, 5, 7}) * 4 + 1;
  const torch::Tensor scale = torch::tensor({1.0F, -2.0F, 0.5F}), shift = torch::tensor({0.1F, 0.2F, -3.0F});
  const torch::Tensor mean = x.mean({2, 3}, true), variance = (x - mean).square().mean({2, 3}, true);
  const torch::Tensor y =
      (x - mean) / (variance + kNormEpsilon).sqrt() * scale.view({1, 3, 1, 1}) + shift.view({1, 3, 1, 1});
  const torch::Tensor expected = torch::where(y > 0, y, y * kLeakySlope);
  for (const auto format : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
    EXPECT_TRUE(InstanceNormLeakyRelu(x.contiguous(format), scale, shift).allclose(expected, 1e-4, 1e-5));
  }
}

}  // namespace
}  // namespace parotis::model
