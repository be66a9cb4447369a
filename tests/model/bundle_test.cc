#include "model/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "tests/support/small_plan.h"
#include "tests/support/temporary_folder.h"

namespace parotis::model {
namespace {

using testing::HasSubstr;

plan::BundleInfo SmallInfo(const std::string& contrast_set = "both") {
  plan::BundleInfo info;
  info.name = "shapes-0.1";
  info.plan = test::SmallPlan();
  info.contrast_set = contrast_set;
  info.channels = info.plan.ChannelsOf(contrast_set);
  info.training = {{"seed", 7}};
  info.intended_use = "tests";
  return info;
}

// What reading `file` complains about.
std::string ComplaintOf(const std::filesystem::path& file) {
  try {
    LoadBundle(file);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

// Changes one tensor of a bundle.
void Rewrite(const std::filesystem::path& file,
             const std::function<void(std::map<std::string, base::Tensor>&)>& change) {
  const std::string copy = base::ReadFile(file);
  base::Safetensors parsed = base::ParseSafetensors(std::as_bytes(std::span(copy)), "bundle");
  change(parsed.tensors);
  base::WriteSafetensors(file, parsed.metadata, parsed.tensors);
}

TEST(ModelBundle, ComesBackWithTheSameWeightsAndDescription) {
  const test::TemporaryFolder folder;
  const UNet network = MakeNetwork(SmallInfo(), 3);
  SaveBundle(folder.path() / "m.safetensors", SmallInfo(), *network, base::DType::kF32);
  const ModelBundle bundle = LoadBundle(folder.path() / "m.safetensors");
  for (const auto& [name, tensor] : StateOf(*network))
    EXPECT_TRUE(StateOf(*bundle.networks.at(0)).at(name).equal(tensor)) << name;
  EXPECT_EQ(bundle.info.name, "shapes-0.1");
  EXPECT_EQ(bundle.info.training["seed"], 7);
  EXPECT_FALSE(bundle.networks.at(0)->is_training());
}

TEST(ModelBundle, HalfPrecisionHalvesTheFileAndHardlyMovesTheLogits) {
  const test::TemporaryFolder folder;
  plan::BundleInfo info = SmallInfo();
  info.plan.network.widths = {16, 32, 64};
  UNet network = MakeNetwork(info, 3);
  network->eval();
  SaveBundle(folder.path() / "full", info, *network, base::DType::kF32);
  SaveBundle(folder.path() / "half", info, *network, base::DType::kF16);
  EXPECT_LT(std::filesystem::file_size(folder.path() / "half"),
            std::filesystem::file_size(folder.path() / "full") * 0.6);
  const torch::Tensor images = torch::randn({1, 2, 24, 32});
  const torch::Tensor back = LoadBundle(folder.path() / "half").networks.at(0)->forward(images)[0];
  EXPECT_TRUE(back.allclose(network->forward(images)[0], 0.02, 0.02));
}

TEST(ModelBundle, EqualContentGivesEqualBytes) {
  const test::TemporaryFolder folder;
  SaveBundle(folder.path() / "a", SmallInfo(), *MakeNetwork(SmallInfo(), 3));
  SaveBundle(folder.path() / "b", SmallInfo(), *MakeNetwork(SmallInfo(), 3));
  EXPECT_EQ(base::ReadFile(folder.path() / "a"), base::ReadFile(folder.path() / "b"));
}

TEST(ModelBundle, AMissingTensorIsNamed) {
  const test::TemporaryFolder folder;
  SaveBundle(folder.path() / "m", SmallInfo(), *MakeNetwork(SmallInfo(), 3));
  Rewrite(folder.path() / "m", [](auto& tensors) { tensors.erase("up_0.weight"); });
  EXPECT_THAT(ComplaintOf(folder.path() / "m"), HasSubstr("up_0.weight"));
}

TEST(ModelBundle, ATensorOfAnotherShapeIsNamed) {
  const test::TemporaryFolder folder;
  SaveBundle(folder.path() / "m", SmallInfo(), *MakeNetwork(SmallInfo(), 3));
  Rewrite(folder.path() / "m", [](auto& tensors) { std::swap(tensors["head_0.bias"], tensors["up_0.bias"]); });
  EXPECT_THAT(ComplaintOf(folder.path() / "m"),
              testing::AllOf(HasSubstr("head_0.bias"), HasSubstr("[6]"), HasSubstr("[3]")));
}

TEST(ModelBundle, ATensorTooManyIsNamed) {
  const test::TemporaryFolder folder;
  SaveBundle(folder.path() / "m", SmallInfo(), *MakeNetwork(SmallInfo(), 3));
  Rewrite(folder.path() / "m", [](auto& tensors) { tensors["spare.weight"] = tensors["head_0.bias"]; });
  EXPECT_THAT(ComplaintOf(folder.path() / "m"), HasSubstr("spare.weight"));
}

TEST(ModelBundle, WeightsThatAreNoNumbersAreRefusedOnBothWays) {
  const test::TemporaryFolder folder;
  UNet network = MakeNetwork(SmallInfo(), 3);
  const torch::NoGradGuard no_gradient;
  StateOf(*network).at("head_0.bias").fill_(1e6);  // beyond half precision
  EXPECT_THROW(SaveBundle(folder.path() / "m", SmallInfo(), *network), base::Error);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "m"));
  SaveBundle(folder.path() / "m", SmallInfo(), *MakeNetwork(SmallInfo(), 3), base::DType::kF32);
  const std::vector<float> bad(3, std::numeric_limits<float>::quiet_NaN());
  Rewrite(folder.path() / "m", [&](auto& tensors) { tensors["head_0.bias"] = base::TensorOf<float>(bad, {3}); });
  EXPECT_THAT(ComplaintOf(folder.path() / "m"), HasSubstr("head_0.bias"));
}

}  // namespace
}  // namespace parotis::model
