#include "plan/network_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plan/example_plan.h"
#include "tests/support/errors.h"

namespace parotis::plan {
namespace {

using testing::HasSubstr;

Plan ThreeLevels() {
  Plan plan = ParotidPlan();
  plan.network.widths = {8, 16, 32};
  return plan;
}

TEST(NetworkParts, AreTheWholesAndTheirLevels) {
  EXPECT_THAT(PartsOf(ThreeLevels().network),
              testing::ElementsAre("encoder", "decoder", "heads", "encoder_0", "encoder_1", "encoder_2", "decoder_0",
                                   "decoder_1", "head_0"));
}

TEST(NetworkParts, ATensorBelongsToALevel) {
  EXPECT_EQ(LevelPartOf("encoder_2.1.convolution.weight"), "encoder_2");
  EXPECT_EQ(LevelPartOf("up_1.bias"), "decoder_1");
  EXPECT_EQ(LevelPartOf("head_0.weight"), "head_0");
  EXPECT_EQ(WholePartOf("head_0"), "heads");
  EXPECT_EQ(WholePartOf("decoder_1"), "decoder");
}

TEST(NetworkParts, TheWayFromTheOutputGoesDownTheDecoderAndUpTheEncoder) {
  const NetworkPlan network = ThreeLevels().network;
  std::vector<int> distances;
  for (const char* part : {"head_0", "decoder_0", "decoder_1", "encoder_2", "encoder_1", "encoder_0"})
    distances.push_back(DistanceFromOutput(part, network));
  EXPECT_THAT(distances, testing::ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(LearningSpeed, ALevelsOwnFactorGoesBeforeItsParts) {
  Plan plan = ThreeLevels();
  plan.transfer.learning_rate_factors = {{"encoder", 0.1}, {"encoder_2", 0.5}};
  EXPECT_EQ(SpeedOf("encoder_0.0.scale", plan).factor, 0.1);
  EXPECT_EQ(SpeedOf("encoder_2.0.scale", plan).factor, 0.5);
  EXPECT_EQ(SpeedOf("up_0.weight", plan).factor, 1);
  plan.transfer.level_decay = 0.5;
  EXPECT_EQ(SpeedOf("encoder_2.0.scale", plan).factor, 0.5 / 8);
  EXPECT_EQ(SpeedOf("head_0.bias", plan).factor, 1);
}

TEST(LearningSpeed, FrozenPartsStartLater) {
  Plan plan = ThreeLevels();
  plan.transfer.frozen = {"encoder", "decoder_1"};
  plan.transfer.freeze_iterations = 40;
  EXPECT_EQ(SpeedOf("encoder_0.0.scale", plan).first_iteration, 40);
  EXPECT_EQ(SpeedOf("up_1.weight", plan).first_iteration, 40);
  EXPECT_EQ(SpeedOf("up_0.weight", plan).first_iteration, 0);
  plan.transfer.freeze_iterations = -1;
  EXPECT_GT(SpeedOf("encoder_0.0.scale", plan).first_iteration, std::int64_t{1} << 60);
}

TEST(CheckPlan, TransferIsHeldAgainstTheNetwork) {
  const auto complaint = [](auto change) {
    Plan plan = ThreeLevels();
    change(plan.transfer);
    return test::ErrorOf([&] { CheckPlan(plan, "plan.json"); });
  };
  EXPECT_EQ(complaint([](TransferPlan& t) { t.frozen = {"encoder"}, t.freeze_iterations = -1; }), "nothing was thrown");
  EXPECT_THAT(complaint([](TransferPlan& t) { t.frozen = {"encoder_3"}, t.freeze_iterations = 5; }),
              HasSubstr("its parts are encoder, decoder, heads, encoder_0"));
  EXPECT_THAT(complaint([](TransferPlan& t) { t.frozen = {"encoder"}; }), HasSubstr("say for how many iterations"));
  EXPECT_THAT(complaint([](TransferPlan& t) { t.freeze_iterations = 5; }), HasSubstr("names no part"));
  EXPECT_THAT(complaint([](TransferPlan& t) { t.frozen = {"encoder", "decoder", "head_0"}, t.freeze_iterations = 5; }),
              HasSubstr("nothing that could learn"));
  EXPECT_THAT(complaint([](TransferPlan& t) { t.learning_rate_factors = {{"decoders", 1}}; }),
              HasSubstr("\"decoders\""));
  EXPECT_THAT(complaint([](TransferPlan& t) { t.learning_rate_factors = {{"decoder", -1}}; }),
              HasSubstr("transfer.learning_rate_factors.decoder"));
  EXPECT_THAT(complaint([](TransferPlan& t) { t.level_decay = 0; }), HasSubstr("transfer.level_decay"));
}

}  // namespace
}  // namespace parotis::plan
