#include "model/patient_head.h"

#include <gtest/gtest.h>

namespace parotis::model {
namespace {

torch::Tensor Bag(std::vector<std::int64_t> bags) { return torch::tensor(bags); }

class PatientHeadTest : public testing::Test {
 protected:
  PatientHeadTest() { torch::manual_seed(3); }
  PatientHead head_{PatientHead(5, 3)};
  torch::Tensor slices_ = torch::randn({6, 10});
};

TEST_F(PatientHeadTest, ABagIsReadByItself) {
  const torch::Tensor together = head_->forward(slices_, Bag({0, 1, 0, 1, 1, 0}), 2);
  const torch::Tensor first = head_->forward(slices_.index({torch::tensor({0, 2, 5})}), Bag({0, 0, 0}), 1);
  EXPECT_TRUE(together[0].allclose(first[0], 1e-5, 1e-6));
}

TEST_F(PatientHeadTest, TheOrderOfTheSlicesDoesNotMatter) {
  const torch::Tensor bag = Bag({0, 0, 0, 0, 0, 0});
  EXPECT_TRUE(head_->forward(slices_, bag, 1).allclose(head_->forward(slices_.flip(0), bag, 1), 1e-5, 1e-6));
}

TEST_F(PatientHeadTest, TheSameSliceTwiceSaysNothingNew) {
  const torch::Tensor one = slices_.slice(0, 0, 1);
  EXPECT_TRUE(
      head_->forward(one, Bag({0}), 1).allclose(head_->forward(torch::cat({one, one}), Bag({0, 0}), 1), 1e-5, 1e-6));
}

TEST_F(PatientHeadTest, LearnsToHeedTheOneSliceThatTells) {
  // Twelve bags of eight slices; the first feature of one slice tells the class.
  const torch::Tensor target = torch::arange(12) % 3;
  torch::Tensor slices = 0.1 * torch::randn({96, 10});
  std::vector<std::int64_t> bag;
  for (std::int64_t i = 0; i < 96; ++i) bag.push_back(i / 8);
  for (std::int64_t b = 0; b < 12; ++b) slices[8 * b + b % 8][target[b].item<std::int64_t>()] += 2;
  torch::optim::Adam optimiser(head_->parameters(), 1e-2);
  for (int step = 0; step < 200; ++step) {
    optimiser.zero_grad();
    torch::nll_loss(torch::log_softmax(head_->forward(slices, Bag(bag), 12), 1), target).backward();
    optimiser.step();
  }
  EXPECT_TRUE(head_->forward(slices, Bag(bag), 12).argmax(1).equal(target));
}

TEST(PatientHeadDescription, IsTheMeanAndTheMaximumOfEachChannel) {
  torch::Tensor features = torch::zeros({1, 2, 2, 2});
  features[0][0][1][1] = 4;
  features[0][1].fill_(3);
  EXPECT_TRUE(PatientHeadImpl::Describe(features).equal(torch::tensor({{1.0F, 3.0F, 4.0F, 3.0F}})));
}

}  // namespace
}  // namespace parotis::model
