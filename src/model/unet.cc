#include "model/unet.h"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "model/norm_activation.h"

namespace parotis::model {
namespace {

namespace nn = torch::nn;
namespace F = torch::nn::functional;

nn::Sequential Block(std::int64_t channels_in, std::int64_t channels_out, const plan::NetworkPlan& plan) {
  nn::Sequential block;
  for (int i = 0; i < plan.convolutions_per_level; ++i) {
    block->push_back(Convolution(i == 0 ? channels_in : channels_out, channels_out, plan.norm));
  }
  return block;
}

// Edge values are continued to the right and below until the network's halvings come out even.
torch::Tensor PadToMultiple(const torch::Tensor& images, std::int64_t multiple) {
  const std::int64_t rows = (multiple - images.size(2) % multiple) % multiple;
  const std::int64_t columns = (multiple - images.size(3) % multiple) % multiple;
  if (rows == 0 && columns == 0) return images;
  return F::pad(images, F::PadFuncOptions({0, columns, 0, rows}).mode(torch::kReplicate));
}

torch::Tensor Crop(const torch::Tensor& logits, std::int64_t rows, std::int64_t columns) {
  return logits.slice(2, 0, rows).slice(3, 0, columns);
}

}  // namespace

ConvolutionImpl::ConvolutionImpl(std::int64_t channels_in, std::int64_t channels_out, plan::NetworkNorm norm)
    : norm_kind_(norm) {
  convolution_ = register_module("convolution",
                                 nn::Conv2d(nn::Conv2dOptions(channels_in, channels_out, 3).padding(1).bias(false)));
  scale_ = register_parameter("scale", torch::ones({channels_out}));
  shift_ = register_parameter("shift", torch::zeros({channels_out}));
  if (norm == plan::NetworkNorm::kBatch) {
    running_mean_ = register_buffer("running_mean", torch::zeros({channels_out}));
    running_var_ = register_buffer("running_var", torch::ones({channels_out}));
  }
}

torch::Tensor ConvolutionImpl::forward(const torch::Tensor& x) {
  const torch::Tensor y = convolution_->forward(x);
  switch (norm_kind_) {
    case plan::NetworkNorm::kInstance: return InstanceNormLeakyRelu(y, scale_, shift_);
    case plan::NetworkNorm::kBatch:
      return torch::leaky_relu(torch::batch_norm(y, scale_, shift_, running_mean_, running_var_, is_training(),
                                                 /*momentum=*/0.1, kNormEpsilon,
                                                 /*cudnn_enabled=*/true),
                               kLeakySlope);
    case plan::NetworkNorm::kGroup:
      return torch::leaky_relu(torch::group_norm(y, std::gcd(y.size(1), std::int64_t{8}), scale_, shift_, kNormEpsilon),
                               kLeakySlope);
  }
  return y;
}

UNetImpl::UNetImpl(const plan::NetworkPlan& plan, std::int64_t channels, std::int64_t labels, std::uint64_t seed)
    : input_channels_(channels * (2 * plan.neighbour_slices + 1)), labels_(labels) {
  const auto levels = static_cast<int>(plan.widths.size());
  const auto width = [&](int level) { return static_cast<std::int64_t>(plan.widths[static_cast<std::size_t>(level)]); };
  for (int level = 0; level < levels; ++level) {
    const std::int64_t channels_in = level == 0 ? input_channels_ : width(level - 1);
    encoder_.push_back(register_module(fmt::format("encoder_{}", level), Block(channels_in, width(level), plan)));
  }
  // All decoder levels are supervised except the coarsest, as in nnU-Net; without deep supervision only the finest is.
  const int supervised = plan.deep_supervision ? std::max(1, levels - 2) : 1;
  for (int level = 0; level + 1 < levels; ++level) {
    up_.push_back(
        register_module(fmt::format("up_{}", level),
                        nn::ConvTranspose2d(nn::ConvTranspose2dOptions(width(level + 1), width(level), 2).stride(2))));
    decoder_.push_back(register_module(fmt::format("decoder_{}", level), Block(2 * width(level), width(level), plan)));
  }
  for (int level = 0; level < supervised; ++level) {
    heads_.push_back(
        register_module(fmt::format("head_{}", level), nn::Conv2d(nn::Conv2dOptions(width(level), labels, 1))));
  }
  if (plan.patient_head) patient_head_ = register_module("patient_head", PatientHead(width(levels - 1), labels));
  Initialise(seed);
}

// He et al. 2015: variance 2 / ((1 + slope²) · fan-in), so that activations keep their size through LeakyReLU layers.
void UNetImpl::Initialise(std::uint64_t seed) {
  const torch::NoGradGuard no_gradient;
  at::Generator generator = at::detail::createCPUGenerator(seed);
  for (auto& item : named_parameters()) {
    torch::Tensor& weight = item.value();
    if (item.key().ends_with("bias")) weight.zero_();
    if (weight.dim() == 2) {
      weight.normal_(0, 1 / std::sqrt(static_cast<double>(weight.size(1))), generator);
    }
    if (weight.dim() != 4) continue;
    // A transposed convolution with stride 2 and kernel 2 feeds every output pixel from one position of the kernel.
    const bool transposed = item.key().starts_with("up_");
    const std::int64_t fan_in = transposed ? weight.size(0) : weight.size(1) * weight.size(2) * weight.size(3);
    weight.normal_(0, std::sqrt(2 / ((1 + kLeakySlope * kLeakySlope) * static_cast<double>(fan_in))), generator);
  }
}

UNetOutput UNetImpl::Run(torch::Tensor images) {
  std::int64_t rows = images.size(2), columns = images.size(3);
  torch::Tensor x =
      PadToMultiple(images, std::int64_t{1} << (encoder_.size() - 1)).contiguous(at::MemoryFormat::ChannelsLast);
  std::vector<torch::Tensor> skips;
  for (std::size_t level = 0; level < encoder_.size(); ++level) {
    if (level > 0) x = torch::max_pool2d(x, 2);
    x = encoder_[level]->forward(x);
    skips.push_back(x);
  }
  const torch::Tensor descriptions = has_patient_head() ? PatientHeadImpl::Describe(x) : torch::Tensor();
  std::vector<torch::Tensor> logits(is_training() ? heads_.size() : 1);
  for (std::size_t level = decoder_.size(); level-- > 0;) {
    x = decoder_[level]->forward(torch::cat({up_[level]->forward(x), skips[level]}, 1));
    if (level < logits.size()) logits[level] = heads_[level]->forward(x);
  }
  if (decoder_.empty()) logits[0] = heads_[0]->forward(x);
  for (torch::Tensor& level_logits : logits) {
    level_logits = Crop(level_logits, rows, columns);
    rows = (rows + 1) / 2;
    columns = (columns + 1) / 2;
  }
  return {std::move(logits), descriptions};
}

torch::Tensor UNetImpl::PatientLogits(const torch::Tensor& descriptions, const torch::Tensor& bag, std::int64_t bags) {
  return patient_head_->forward(descriptions, bag, bags);
}

std::map<std::string, torch::Tensor> StateOf(const torch::nn::Module& network) {
  std::map<std::string, torch::Tensor> state;
  for (const auto& item : network.named_parameters()) state[item.key()] = item.value();
  for (const auto& item : network.named_buffers()) state[item.key()] = item.value();
  return state;
}

std::int64_t CountParameters(const torch::nn::Module& network) {
  std::int64_t count = 0;
  for (const torch::Tensor& parameter : network.parameters()) count += parameter.numel();
  return count;
}

}  // namespace parotis::model
