#include "model/transfer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "model/bundle.h"
#include "model/transfer_surgery.h"
#include "tests/support/errors.h"
#include "tests/support/small_plan.h"
#include "tests/support/temporary_folder.h"

namespace parotis::model {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;
namespace F = torch::nn::functional;

plan::BundleInfo SmallInfo() {
  plan::BundleInfo info;
  info.name = "shapes-0.1";
  info.plan = test::SmallPlan();
  info.contrast_set = "both";
  info.channels = info.plan.ChannelsOf("both");
  return info;
}

torch::Tensor Tensor(const UNet& network, const std::string& name) { return StateOf(*network).at(name); }

class TransferFrom : public testing::Test {
 protected:
  TransferFrom() : source_(MakeNetwork(SmallInfo(), 3)) {
    SaveBundle(Bundle(), SmallInfo(), *source_, base::DType::kF32);
  }
  fs::path Bundle() const { return folder_.path() / "m.safetensors"; }
  // The source's tensors after `change`, in a file that does not say what its channels and labels are.
  fs::path Anonymous(const std::function<void(std::map<std::string, torch::Tensor>&)>& change) const {
    std::map<std::string, torch::Tensor> state = StateOf(*source_);
    change(state);
    std::vector<torch::Tensor> keep;
    std::map<std::string, base::Tensor> tensors;
    for (const auto& [name, tensor] : state) tensors[name] = FromTorch(tensor, base::DType::kF32, keep);
    base::WriteSafetensors(folder_.path() / "anonymous", {}, tensors);
    return folder_.path() / "anonymous";
  }
  static std::string WhatOf(const TransferReport& report, const std::string& tensor) {
    for (const TransferRow& row : report.rows) {
      if (row.tensor == tensor || (row.tensor.empty() && row.from == tensor)) return row.what;
    }
    return "no row";
  }

  test::TemporaryFolder folder_;
  UNet source_;
};

constexpr const char* kStem = "encoder_0.0.convolution.weight";

TEST_F(TransferFrom, ABundleLikeThisCopiesEverything) {
  UNet target = MakeNetwork(SmallInfo(), 4);
  const TransferReport report = TransferWeights(Bundle(), SmallInfo(), target);
  for (const TransferRow& row : report.rows) EXPECT_EQ(row.what, "copied") << row.tensor;
  for (const auto& [name, tensor] : StateOf(*source_)) EXPECT_TRUE(Tensor(target, name).equal(tensor)) << name;
  EXPECT_EQ(report.project, "parotis");
}

TEST_F(TransferFrom, ChannelsFollowTheirNamesWhenTheirOrderDiffers) {
  plan::BundleInfo swapped = SmallInfo();
  swapped.channels = {"B", "A"};
  UNet target = MakeNetwork(swapped, 4);
  TransferWeights(Bundle(), swapped, target);
  EXPECT_TRUE(Tensor(target, kStem).select(1, 0).equal(Tensor(source_, kStem).select(1, 1)));
  EXPECT_TRUE(Tensor(target, kStem).select(1, 1).equal(Tensor(source_, kStem).select(1, 0)));
}

TEST_F(TransferFrom, NewChannelsGetTheMeanSoThatResponsesKeepTheirSize) {
  plan::BundleInfo more = SmallInfo();
  more.channels = {"A", "C", "B", "D"};
  UNet target = MakeNetwork(more, 4);
  const TransferReport report = TransferWeights(Bundle(), more, target);
  EXPECT_THAT(WhatOf(report, kStem), HasSubstr("2 of 4 input channels copied by name"));
  const torch::Tensor from = Tensor(source_, kStem), to = Tensor(target, kStem);
  EXPECT_TRUE(to.select(1, 2).equal(from.select(1, 1)));
  EXPECT_TRUE(to.select(1, 1).allclose(from.mean(1) / 2));
}

TEST_F(TransferFrom, TheRuleForChannelsIsThePlans) {
  plan::BundleInfo info = SmallInfo();
  info.plan.transfer.channels = plan::ChannelTransfer::kAverage;
  UNet target = MakeNetwork(info, 4);
  TransferWeights(Bundle(), info, target);
  for (std::int64_t channel = 0; channel < 2; ++channel)
    EXPECT_TRUE(Tensor(target, kStem).select(1, channel).allclose(Tensor(source_, kStem).mean(1)));
  info.plan.transfer.channels = plan::ChannelTransfer::kFresh;
  target = MakeNetwork(info, 4);
  EXPECT_THAT(WhatOf(TransferWeights(Bundle(), info, target), kStem), HasSubstr("fresh"));
  EXPECT_TRUE(Tensor(target, kStem).equal(Tensor(MakeNetwork(info, 4), kStem)));
}

TEST_F(TransferFrom, LabelsFollowTheirNamesAndNewOnesAreFresh) {
  plan::BundleInfo other = SmallInfo();
  other.plan.labels = {"background", "disc", "ring"};
  UNet target = MakeNetwork(other, 4);
  const torch::Tensor fresh_ring = Tensor(target, "head_0.weight")[2].clone();
  TransferWeights(Bundle(), other, target);
  EXPECT_TRUE(Tensor(target, "head_0.weight")[1].equal(Tensor(source_, "head_0.weight")[2]));
  EXPECT_TRUE(Tensor(target, "head_0.weight")[2].equal(fresh_ring));
  other.plan.transfer.classes = plan::ClassTransfer::kFresh;
  target = MakeNetwork(other, 4);
  TransferWeights(Bundle(), other, target);
  EXPECT_TRUE(Tensor(target, "head_0.weight").equal(Tensor(MakeNetwork(other, 4), "head_0.weight")));
}

TEST_F(TransferFrom, SeveralLabelsMayStartFromOne) {
  plan::BundleInfo info = SmallInfo();
  const std::string known = info.plan.labels.at(1);
  info.plan.labels = {"background", "first", "second", "third"};
  info.plan.transfer.label_sources = {{"first", known}, {"second", known}};
  UNet network = MakeNetwork(info, 5);
  TransferWeights(Bundle(), info, network);
  const torch::Tensor bias = Tensor(network, "head_0.bias"), from = Tensor(source_, "head_0.bias");
  EXPECT_TRUE(torch::equal(Tensor(network, "head_0.weight")[1], Tensor(source_, "head_0.weight")[1]));
  EXPECT_TRUE(torch::equal(Tensor(network, "head_0.weight")[2], Tensor(source_, "head_0.weight")[1]));
  EXPECT_TRUE(torch::equal(bias[0], from[0]));
  const torch::Tensor two = torch::logsumexp(bias.slice(0, 1, 3), 0);
  EXPECT_NEAR(two.item<double>(), from[1].item<double>(), 1e-6) << "together as probable as the one was";
  EXPECT_FALSE(torch::equal(Tensor(network, "head_0.weight")[3], Tensor(source_, "head_0.weight")[1]));
}

TEST_F(TransferFrom, WithoutNamesAsManyChannelsAreTakenInOrderAndOtherNumbersAveraged) {
  const fs::path file = Anonymous([](auto&) {});
  UNet target = MakeNetwork(SmallInfo(), 4);
  EXPECT_THAT(WhatOf(TransferWeights(file, SmallInfo(), target), kStem), HasSubstr("does not name them"));
  EXPECT_TRUE(Tensor(target, kStem).equal(Tensor(source_, kStem)));
  plan::BundleInfo one = SmallInfo();
  one.channels = {"A"};
  target = MakeNetwork(one, 4);
  TransferWeights(file, one, target);
  EXPECT_TRUE(Tensor(target, kStem).allclose(Tensor(source_, kStem).sum(1, true)));
}

// A volume that is the same in every slice is answered as its slice is, away from the first and last slice.
TEST_F(TransferFrom, KernelsOfVolumesAnswerForSlicesAsTheyDidForConstantVolumes) {
  const torch::Tensor kernels = torch::randn({4, 2, 3, 3, 3}), slice = torch::randn({1, 2, 8, 9});
  std::string note;
  const torch::Tensor flat = WithoutDepth(kernels, {3, 3}, /*transposed=*/false, note);
  const torch::Tensor volume = slice.unsqueeze(2).expand({1, 2, 5, 8, 9});
  const torch::Tensor expected = F::conv3d(volume, kernels, F::Conv3dFuncOptions().padding(1)).select(2, 2);
  EXPECT_TRUE(F::conv2d(slice, flat, F::Conv2dFuncOptions().padding(1)).allclose(expected, 1e-4, 1e-4));
  EXPECT_THAT(note, HasSubstr("3×3×3 summed"));
  WithoutDepth(torch::ones({4, 2, 3, 3, 1}), {3, 3}, false, note);
  EXPECT_THAT(note, HasSubstr("length 1"));
  EXPECT_TRUE(
      WithoutDepth(torch::ones({4, 2, 2, 2, 2}), {2, 2}, /*transposed=*/true, note).equal(torch::ones({4, 2, 2, 2})));
}

TEST_F(TransferFrom, TheDepthOfTheFirstKernelBecomesTheNeighbouringSlices) {
  const torch::Tensor kernels = torch::randn({6, 2, 3, 3, 3}), volume = torch::randn({1, 2, 3, 8, 9});
  const torch::Tensor slices = DepthAsSlices(kernels, 3);
  // Slices outermost, as prepare hands them to the network.
  const torch::Tensor images = volume.permute({0, 2, 1, 3, 4}).reshape({1, 6, 8, 9});
  const torch::Tensor expected = F::conv3d(volume, kernels, F::Conv3dFuncOptions().padding({0, 1, 1})).select(2, 0);
  EXPECT_TRUE(F::conv2d(images, slices, F::Conv2dFuncOptions().padding(1)).allclose(expected, 1e-4, 1e-4));
  EXPECT_FALSE(DepthAsSlices(kernels, 5).defined());
}

TEST_F(TransferFrom, AWholeNetworkOfVolumesIsTakenOver) {
  const fs::path file = Anonymous([](auto& state) {
    for (auto& [name, tensor] : state) {
      if (tensor.dim() == 4) tensor = torch::stack({torch::zeros_like(tensor), tensor, torch::zeros_like(tensor)}, 2);
    }
  });
  UNet target = MakeNetwork(SmallInfo(), 4);
  const TransferReport report = TransferWeights(file, SmallInfo(), target);
  EXPECT_EQ(report.Count(TransferOutcome::kFresh), 0);
  EXPECT_TRUE(
      Tensor(target, "decoder_0.0.convolution.weight").equal(Tensor(source_, "decoder_0.0.convolution.weight")));
  EXPECT_TRUE(Tensor(target, "up_0.weight").allclose(Tensor(source_, "up_0.weight") / 3));
}

TEST_F(TransferFrom, WhatDoesNotFitSaysItsShapes) {
  plan::BundleInfo wider = SmallInfo();
  wider.plan.network.widths = {6, 8, 12};
  UNet target = MakeNetwork(wider, 4);
  const TransferReport report = TransferWeights(Bundle(), wider, target);
  EXPECT_EQ(WhatOf(report, "encoder_2.1.scale"), "[10] in the file, [12] here");
  EXPECT_EQ(WhatOf(report, "encoder_1.1.scale"), "copied");
}

TEST_F(TransferFrom, ValuesThatAreNotFiniteAreRefused) {
  const fs::path file = Anonymous([](auto& state) { state["up_0.bias"] = torch::full({6}, std::nan("")); });
  UNet target = MakeNetwork(SmallInfo(), 4);
  EXPECT_THAT(test::ErrorOf([&] { TransferWeights(file, SmallInfo(), target); }),
              testing::AllOf(HasSubstr("up_0.bias"), HasSubstr("not finite")));
}

TEST_F(TransferFrom, AFileThatSharesNothingIsRefused) {
  const std::vector<float> values(4, 1);
  base::WriteSafetensors(folder_.path() / "other", {}, {{"fc.weight", base::TensorOf<float>(values, {2, 2})}});
  UNet target = MakeNetwork(SmallInfo(), 4);
  EXPECT_THAT(test::ErrorOf([&] { TransferWeights(folder_.path() / "other", SmallInfo(), target); }),
              HasSubstr("no tensor of other fits"));
}

TEST_F(TransferFrom, TheTableIsAlignedAndEndsWithASum) {
  UNet target = MakeNetwork(SmallInfo(), 4);
  const TransferReport report = TransferWeights(Anonymous([](auto& state) {
                                                  state["spare.weight"] = state["up_0.weight"].clone();
                                                  state["extra.weight"] = torch::ones({5});
                                                }),
                                                SmallInfo(), target);
  const std::vector<std::string> table = TableOf(report);
  EXPECT_EQ(table.front(), "from anonymous (safetensors): names of parotis");
  EXPECT_THAT(table, testing::Contains("not used, 1 tensor: the same values under another name (spare.weight)"));
  EXPECT_THAT(table, testing::Contains("not used, 1 tensor: no tensor of this network belongs to it (extra.weight)"));
  EXPECT_THAT(table.back(), HasSubstr("0 adapted, 0 fresh; 2 of the file not used"));
  std::set<std::size_t> columns;
  for (const std::string& line : table) {
    if (line.starts_with("  ")) columns.insert(line.find("  copied"));
  }
  EXPECT_EQ(columns.size(), 1U);
  EXPECT_EQ(ToJson(report)["tensors"].size(), StateOf(*target).size() + 2);
}

}  // namespace
}  // namespace parotis::model
