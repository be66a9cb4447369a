// Names of known projects, their prefixes, and the fallback by order.
#include "weights/matching.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weights/unet_names.h"

namespace parotis::weights {
namespace {

using Shape = std::vector<std::int64_t>;

// Our network with instance norm: names and shapes (model/unet.cc).
std::vector<NetworkTensor> Network(const std::vector<std::int64_t>& widths, std::int64_t channels = 2,
                                   std::int64_t labels = 3) {
  std::vector<NetworkTensor> tensors;
  const auto block = [&](const std::string& name, std::int64_t in, std::int64_t out) {
    for (int i = 0; i < 2; ++i) {
      const std::string layer = fmt::format("{}.{}", name, i);
      tensors.push_back({layer + ".convolution.weight", {out, i == 0 ? in : out, 3, 3}});
      tensors.push_back({layer + ".scale", {out}});
      tensors.push_back({layer + ".shift", {out}});
    }
  };
  for (std::size_t l = 0; l < widths.size(); ++l)
    block(fmt::format("encoder_{}", l), l == 0 ? channels : widths[l - 1], widths[l]);
  for (std::size_t l = 0; l + 1 < widths.size(); ++l) {
    tensors.push_back({fmt::format("up_{}.weight", l), {widths[l + 1], widths[l], 2, 2}});
    tensors.push_back({fmt::format("up_{}.bias", l), {widths[l]}});
    block(fmt::format("decoder_{}", l), 2 * widths[l], widths[l]);
  }
  tensors.push_back({"head_0.weight", {labels, widths[0], 1, 1}});
  tensors.push_back({"head_0.bias", {labels}});
  return tensors;
}

base::Tensor Shaped(Shape shape) {
  base::Tensor tensor;
  tensor.shape = std::move(shape);
  return tensor;
}

// The same tensors under a project's names, with biases where a norm follows.
NamedTensors FileOf(const UNetNames& names, const std::vector<NetworkTensor>& network, int levels,
                    const std::string& prefix) {
  NamedTensors file;
  for (const NetworkTensor& tensor : network) {
    auto role = *RoleOf(tensor.name);
    file.tensors.push_back({prefix + *NameOf(names, role, levels), Shaped(tensor.shape)});
    if (tensor.name.ends_with("convolution.weight")) {
      role.field = Field::kBias;
      file.tensors.push_back({prefix + *NameOf(names, role, levels), Shaped({tensor.shape[0]})});
    }
  }
  return file;
}

TEST(UNetNames, RolesAreReadFromOurNames) {
  EXPECT_EQ(RoleOf("encoder_2.1.convolution.weight"), (Role{Part::kEncoder, 2, 1, Field::kWeight}));
  EXPECT_EQ(RoleOf("decoder_0.0.running_var"), (Role{Part::kDecoder, 0, 0, Field::kVariance}));
  EXPECT_EQ(RoleOf("up_10.bias"), (Role{Part::kUp, 10, 0, Field::kBias}));
  for (const char* name : {"", "encoder", "encoder_x.0.scale", "encoder_1.scale", "up_0", "head_0.scale", "fc.weight"})
    EXPECT_EQ(RoleOf(name), std::nullopt) << name;
}

TEST(UNetNames, AreThoseThatTheProjectsWrite) {
  const auto name = [](const char* project, const Role& role) {
    for (const UNetNames& names : KnownUNets()) {
      if (std::string(names.project) == project) return NameOf(names, role, /*levels=*/5).value_or("none");
    }
    return std::string("unknown project");
  };
  const Role bottom{Part::kEncoder, 4, 1, Field::kScale}, up{Part::kUp, 3, 0, Field::kBias};
  const Role decoder{Part::kDecoder, 0, 1, Field::kWeight}, head{Part::kHead, 0, 0, Field::kWeight};
  EXPECT_EQ(name("nnU-Net v2", bottom), "encoder.stages.4.0.convs.1.norm.weight");
  EXPECT_EQ(name("nnU-Net v2", up), "decoder.transpconvs.0.bias");
  EXPECT_EQ(name("nnU-Net v2", decoder), "decoder.stages.3.convs.1.conv.weight");
  EXPECT_EQ(name("nnU-Net v2", head), "decoder.seg_layers.3.weight");
  EXPECT_EQ(name("MONAI BasicUNet", bottom), "down_4.convs.conv_1.adn.N.weight");
  EXPECT_EQ(name("MONAI BasicUNet", up), "upcat_4.upsample.deconv.bias");
  EXPECT_EQ(name("MONAI BasicUNet", decoder), "upcat_1.convs.conv_1.conv.weight");
  EXPECT_EQ(name("MONAI BasicUNet", head), "final_conv.weight");
  EXPECT_EQ(name("milesial Pytorch-UNet", bottom), "down4.maxpool_conv.1.double_conv.4.weight");
  EXPECT_EQ(name("milesial Pytorch-UNet", up), "up1.up.bias");
  EXPECT_EQ(name("milesial Pytorch-UNet", decoder), "up4.conv.double_conv.3.weight");
  EXPECT_EQ(name("milesial Pytorch-UNet", {Part::kHead, 1, 0, Field::kWeight}), "none");
}

TEST(MatchTensors, EveryKnownProjectIsFoundBehindAnyPrefix) {
  const auto network = Network({6, 8, 10, 12});
  for (const UNetNames& names : KnownUNets()) {
    for (const std::string prefix : {"", "module.", "_orig_mod.module.", "model.unet."}) {
      const NamedTensors file = FileOf(names, network, 4, prefix);
      const Matching matching = MatchTensors(file, network);
      EXPECT_EQ(matching.project, names.project);
      EXPECT_EQ(matching.prefix, prefix);
      for (std::size_t i = 0; i < network.size(); ++i) {
        ASSERT_TRUE(matching.tensors[i].from) << names.project << ": " << network[i].name;
        EXPECT_EQ(file.tensors[*matching.tensors[i].from].tensor.shape, network[i].shape);
        EXPECT_EQ(matching.tensors[i].bias.has_value(), network[i].name.ends_with("convolution.weight"));
      }
    }
  }
}

TEST(MatchTensors, LevelsAreCountedFromTheFinestWhenTheFileHasMore) {
  const UNetNames& nnunet = KnownUNets()[2];
  const auto deep = Network({6, 8, 10, 12, 14}), shallow = Network({6, 8, 10});
  const NamedTensors file = FileOf(nnunet, deep, 5, "");
  const Matching matching = MatchTensors(file, shallow);
  for (std::size_t i = 0; i < shallow.size(); ++i) {
    ASSERT_TRUE(matching.tensors[i].from) << shallow[i].name;
    EXPECT_EQ(file.tensors[*matching.tensors[i].from].tensor.shape, shallow[i].shape) << shallow[i].name;
  }
}

TEST(MatchTensors, AnUnknownEncoderIsMatchedByOrderAndShapes) {
  NamedTensors file;
  const auto add = [&](const std::string& name, Shape shape) {
    file.tensors.push_back({name, Shaped(std::move(shape))});
  };
  add("patch.weight", {6, 1, 7, 7});  // no 3×3 kernel
  add("a.weight", {6, 1, 3, 3}), add("a.bias", {6}), add("a_norm.weight", {6}), add("a_norm.bias", {6});
  add("b.weight", {6, 6, 3, 3}), add("b_norm.weight", {6}), add("b_norm.bias", {6});
  add("skip.weight", {8, 6, 1, 1});
  add("c.weight", {8, 6, 3, 3}), add("d.weight", {8, 8, 3, 3, 3}), add("fc.weight", {2, 8});
  const auto network = Network({6, 8, 10});
  const Matching matching = MatchTensors(file, network);
  EXPECT_EQ(matching.project, "");
  std::map<std::string, std::string> found;
  for (const MatchedTensor& each : matching.tensors) {
    if (each.from) found[each.name] = file.tensors[*each.from].name;
  }
  EXPECT_EQ(found, (std::map<std::string, std::string>{{"encoder_0.0.convolution.weight", "a.weight"},
                                                       {"encoder_0.0.scale", "a_norm.weight"},
                                                       {"encoder_0.0.shift", "a_norm.bias"},
                                                       {"encoder_0.1.convolution.weight", "b.weight"},
                                                       {"encoder_0.1.scale", "b_norm.weight"},
                                                       {"encoder_0.1.shift", "b_norm.bias"},
                                                       {"encoder_1.0.convolution.weight", "c.weight"},
                                                       {"encoder_1.1.convolution.weight", "d.weight"}}));
  EXPECT_EQ(matching.tensors[0].bias, 2U);
}

}  // namespace
}  // namespace parotis::weights
