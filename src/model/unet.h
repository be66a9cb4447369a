// A 2-D U-Net (Ronneberger et al. 2015) with the refinements that nnU-Net found to matter (Isensee et al. 2021): a norm
// and LeakyReLU after every convolution, and deep supervision of the decoder. Fully convolutional: any rows and
// columns.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/patient_head.h"
#include "model/torch.h"
#include "plan/plan.h"

namespace parotis::model {

// Convolution 3×3 without bias → norm → LeakyReLU.
class ConvolutionImpl : public torch::nn::Module {
 public:
  ConvolutionImpl(std::int64_t channels_in, std::int64_t channels_out, plan::NetworkNorm norm);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  plan::NetworkNorm norm_kind_;
  torch::nn::Conv2d convolution_{nullptr};
  torch::Tensor scale_, shift_;               // of the norm, one per channel
  torch::Tensor running_mean_, running_var_;  // batch norm only
};
TORCH_MODULE(Convolution);

struct UNetOutput {
  std::vector<torch::Tensor> logits;  // [batch, labels, rows, columns], finest first
  torch::Tensor descriptions;         // of the slices, for PatientLogits; undefined without a patient head
};

class UNetImpl : public torch::nn::Module {
 public:
  // `channels`: of one slice; the network's input has channels · (2·neighbour_slices + 1). He-initialised from `seed`.
  UNetImpl(const plan::NetworkPlan& plan, std::int64_t channels, std::int64_t labels, std::uint64_t seed);

  // images [batch, input channels, rows, columns] → logits [batch, labels, rows, columns]; while training with deep
  // supervision followed by those of the coarser levels, each half the size of the one before (rounded up).
  std::vector<torch::Tensor> forward(torch::Tensor images) { return Run(std::move(images)).logits; }
  UNetOutput Run(torch::Tensor images);
  // The patient head over the slices of one or several patients (model/patient_head.h): logits [bags, labels].
  torch::Tensor PatientLogits(const torch::Tensor& descriptions, const torch::Tensor& bag, std::int64_t bags);

  std::int64_t input_channels() const { return input_channels_; }
  std::int64_t labels() const { return labels_; }
  bool has_patient_head() const { return !patient_head_.is_empty(); }

 private:
  void Initialise(std::uint64_t seed);

  std::int64_t input_channels_;
  std::int64_t labels_;
  std::vector<torch::nn::Sequential> encoder_;  // [level], finest first
  std::vector<torch::nn::ConvTranspose2d> up_;  // [level]: from level + 1 to level
  std::vector<torch::nn::Sequential> decoder_;  // [level]
  std::vector<torch::nn::Conv2d> heads_;        // [level]; only the first without deep supervision
  PatientHead patient_head_{nullptr};           // empty unless the plan asks for it
};
TORCH_MODULE(UNet);

// Everything a bundle stores, by name: parameters and the running statistics of batch norm.
std::map<std::string, torch::Tensor> StateOf(const torch::nn::Module& network);

std::int64_t CountParameters(const torch::nn::Module& network);

}  // namespace parotis::model
