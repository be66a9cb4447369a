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

struct TransferRow {
  std::string tensor;
  std::string what;  // "copied", "2 of 3 channels copied by name", "fresh: shape …", "not used"
};

// Starts `network` (described by `info`) from the weights of a bundle or of any safetensors file with the same names.
// Same shape: copied. The first convolution: per channel, by channel name where the file names its channels, else the
// mean of the file's channels, rescaled so that the sum of responses keeps its size. The heads: per label, by label
// name. All else stays fresh. One row per tensor of either side. Throws kInput when nothing fits.
std::vector<TransferRow> TransferWeights(const std::filesystem::path& path, const plan::BundleInfo& info,
                                         UNet& network);

}  // namespace parotis::model
