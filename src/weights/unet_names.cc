#include "weights/unet_names.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <string_view>

namespace parotis::weights {
namespace {

constexpr auto kUNets = std::to_array<UNetNames>({
    {.project = "parotis",
     .encoder_first = "encoder_{level}.{conv}.convolution",
     .encoder = "encoder_{level}.{conv}.convolution",
     .encoder_first_norm = "encoder_{level}.{conv}",
     .encoder_norm = "encoder_{level}.{conv}",
     .up = "up_{level}",
     .decoder = "decoder_{level}.{conv}.convolution",
     .decoder_norm = "decoder_{level}.{conv}",
     .head = "head_{level}",
     .scale = "scale",
     .shift = "shift",
     .skip_first = false,
     .difference = ""},
    // The same network in plain PyTorch (bench/pytorch_unet.py).
    {.project = "plain PyTorch U-Net",
     .encoder_first = "encoder.{level}.{conv3}",
     .encoder = "encoder.{level}.{conv3}",
     .encoder_first_norm = "encoder.{level}.{norm3}",
     .encoder_norm = "encoder.{level}.{norm3}",
     .up = "up.{level}",
     .decoder = "decoder.{level}.{conv3}",
     .decoder_norm = "decoder.{level}.{norm3}",
     .head = "heads.{level}",
     .scale = "weight",
     .shift = "bias",
     .skip_first = false,
     .difference = ""},
    // github.com/MIC-DKFZ/dynamic-network-architectures, PlainConvUNet: a stage halves the resolution by the stride of
    // its first convolution.
    {.project = "nnU-Net v2",
     .encoder_first = "encoder.stages.{level}.0.convs.{conv}.conv",
     .encoder = "encoder.stages.{level}.0.convs.{conv}.conv",
     .encoder_first_norm = "encoder.stages.{level}.0.convs.{conv}.norm",
     .encoder_norm = "encoder.stages.{level}.0.convs.{conv}.norm",
     .up = "decoder.transpconvs.{deep}",
     .decoder = "decoder.stages.{deep}.convs.{conv}.conv",
     .decoder_norm = "decoder.stages.{deep}.convs.{conv}.norm",
     .head = "decoder.seg_layers.{deep}",
     .scale = "weight",
     .shift = "bias",
     .skip_first = false,
     .difference = "it halves the resolution by strided convolutions, this network by taking the largest of four"},
    // The same with pool="max", where a stage begins with the pooling.
    {.project = "nnU-Net v2 with pooling",
     .encoder_first = "encoder.stages.{level}.0.convs.{conv}.conv",
     .encoder = "encoder.stages.{level}.1.convs.{conv}.conv",
     .encoder_first_norm = "encoder.stages.{level}.0.convs.{conv}.norm",
     .encoder_norm = "encoder.stages.{level}.1.convs.{conv}.norm",
     .up = "decoder.transpconvs.{deep}",
     .decoder = "decoder.stages.{deep}.convs.{conv}.conv",
     .decoder_norm = "decoder.stages.{deep}.convs.{conv}.norm",
     .head = "decoder.seg_layers.{deep}",
     .scale = "weight",
     .shift = "bias",
     .skip_first = false,
     .difference = ""},
    // github.com/Project-MONAI/MONAI, monai/networks/nets/basic_unet.py.
    {.project = "MONAI BasicUNet",
     .encoder_first = "conv_0.conv_{conv}.conv",
     .encoder = "down_{level}.convs.conv_{conv}.conv",
     .encoder_first_norm = "conv_0.conv_{conv}.adn.N",
     .encoder_norm = "down_{level}.convs.conv_{conv}.adn.N",
     .up = "upcat_{level1}.upsample.deconv",
     .decoder = "upcat_{level1}.convs.conv_{conv}.conv",
     .decoder_norm = "upcat_{level1}.convs.conv_{conv}.adn.N",
     .head = "final_conv",
     .scale = "weight",
     .shift = "bias",
     .skip_first = true,
     .difference = "its LeakyReLU has the slope 0.1 unless it was chosen otherwise, this network's 0.01"},
    // github.com/milesial/Pytorch-UNet, unet/unet_parts.py, with bilinear=False.
    {.project = "milesial Pytorch-UNet",
     .encoder_first = "inc.double_conv.{conv3}",
     .encoder = "down{level}.maxpool_conv.1.double_conv.{conv3}",
     .encoder_first_norm = "inc.double_conv.{norm3}",
     .encoder_norm = "down{level}.maxpool_conv.1.double_conv.{norm3}",
     .up = "up{deep1}.up",
     .decoder = "up{deep1}.conv.double_conv.{conv3}",
     .decoder_norm = "up{deep1}.conv.double_conv.{norm3}",
     .head = "outc.conv",
     .scale = "weight",
     .shift = "bias",
     .skip_first = true,
     .difference = "its ReLU drops what is below 0, this network's LeakyReLU keeps a hundredth"},
});

const char* TemplateOf(const UNetNames& names, const Role& role) {
  const bool is_norm = role.field != Field::kWeight && role.field != Field::kBias;
  switch (role.part) {
    case Part::kEncoder:
      if (role.level == 0) return is_norm ? names.encoder_first_norm : names.encoder_first;
      return is_norm ? names.encoder_norm : names.encoder;
    case Part::kUp: return is_norm ? "" : names.up;
    case Part::kDecoder: return is_norm ? names.decoder_norm : names.decoder;
    case Part::kHead: return is_norm ? "" : names.head;
  }
  return "";
}

const char* LastPart(const UNetNames& names, Field field) {
  switch (field) {
    case Field::kWeight: return "weight";
    case Field::kBias: return "bias";
    case Field::kScale: return names.scale;
    case Field::kShift: return names.shift;
    case Field::kMean: return "running_mean";
    case Field::kVariance: return "running_var";
  }
  return "";
}

// Takes `prefix` and a number off the front of `text`.
std::optional<int> TakeNumber(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  int number = 0;
  const char* const begin = text.data() + prefix.size();
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<Field> FieldOf(std::string_view last) {
  if (last == ".convolution.weight") return Field::kWeight;
  if (last == ".convolution.bias") return Field::kBias;
  if (last == ".scale") return Field::kScale;
  if (last == ".shift") return Field::kShift;
  if (last == ".running_mean") return Field::kMean;
  if (last == ".running_var") return Field::kVariance;
  return std::nullopt;
}

}  // namespace

std::span<const UNetNames> KnownUNets() { return kUNets; }

std::optional<std::string> NameOf(const UNetNames& names, const Role& role, int levels) {
  const std::string_view pattern = TemplateOf(names, role);
  if (pattern.empty()) return std::nullopt;
  // A network with one head has it at the full resolution.
  if (role.part == Part::kHead && role.level > 0 && pattern.find('{') == std::string_view::npos) return std::nullopt;
  const int deep = levels - 2 - role.level;
  if (role.part != Part::kEncoder && deep < 0) return std::nullopt;
  return fmt::format(fmt::runtime(pattern), fmt::arg("level", role.level), fmt::arg("level1", role.level + 1),
                     fmt::arg("conv", role.convolution), fmt::arg("conv3", 3 * role.convolution),
                     fmt::arg("norm3", 3 * role.convolution + 1), fmt::arg("deep", deep), fmt::arg("deep1", deep + 1)) +
         "." + LastPart(names, role.field);
}

std::optional<Role> RoleOf(const std::string& our_name) {
  constexpr std::array<std::pair<const char*, Part>, 4> kParts = {
      {{"encoder_", Part::kEncoder}, {"up_", Part::kUp}, {"decoder_", Part::kDecoder}, {"head_", Part::kHead}}};
  for (const auto& [prefix, part] : kParts) {
    std::string_view rest = our_name;
    const auto level = TakeNumber(rest, prefix);
    if (!level) continue;
    if (part == Part::kUp || part == Part::kHead) {
      if (rest != ".weight" && rest != ".bias") return std::nullopt;
      return Role{part, *level, 0, rest == ".weight" ? Field::kWeight : Field::kBias};
    }
    const auto convolution = TakeNumber(rest, ".");
    const auto field = FieldOf(rest);
    if (!convolution || !field) return std::nullopt;
    return Role{part, *level, *convolution, *field};
  }
  return std::nullopt;
}

}  // namespace parotis::weights
