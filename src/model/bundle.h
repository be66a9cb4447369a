// Networks on disk: one safetensors file with the weights and, under the metadata key "parotis", everything else
// (plan/bundle_info.h). Nothing in it can execute.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/safetensors.h"
#include "model/unet.h"
#include "plan/bundle_info.h"

namespace parotis::model {

struct ModelBundle {
  plan::BundleInfo info;
  std::vector<UNet> networks;  // the members; float32, in evaluation mode, on the CPU
};

// The network that `info` describes, with fresh weights.
UNet MakeNetwork(const plan::BundleInfo& info, std::uint64_t seed);

// A bundle of one member. `stored`: kF32, kF16 or kBF16. Throws kInput when a weight does not fit into the type
// (overflow, NaN).
void SaveBundle(const std::filesystem::path& path, const plan::BundleInfo& info, const torch::nn::Module& network,
                base::DType stored = base::DType::kF16);
// Every tensor's name, shape, type and finiteness is checked against the network; kInput names file and tensor.
ModelBundle LoadBundle(const std::filesystem::path& path);

// LibTorch's view of a stored tensor, copied, as float32 (integers keep their type).
torch::Tensor ToTorch(const base::Tensor& stored);
// The bytes of a tensor for WriteSafetensors; `keep` holds the memory they point to.
base::Tensor FromTorch(const torch::Tensor& tensor, base::DType stored, std::vector<torch::Tensor>& keep);

}  // namespace parotis::model
