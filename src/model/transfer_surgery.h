// How one tensor of a file becomes one of the network. Every function changes `to` in place and says what it did.
#pragma once

#include <string>
#include <vector>

#include "model/torch.h"
#include "model/transfer.h"
#include "plan/plan.h"

namespace parotis::model {

struct Surgery {
  TransferOutcome outcome = TransferOutcome::kCopied;
  std::string what = "copied";
};

// Kernels [out, in, depth, rows, columns] as [out, in, rows, columns]. A kernel of depth 1 loses that axis. Others are
// summed over it: the response to an image that is the same in every slice stays the same (the reverse of the inflation
// of Carreira and Zisserman 2017). Those of a transposed convolution are averaged, since each of its slices has its
// own. The depth is an axis of length 1 without which `plane` (rows, columns) is left, else the first, as PyTorch's
// volumes have it.
torch::Tensor WithoutDepth(const torch::Tensor& kernels, at::IntArrayRef plane, bool transposed, std::string& note);

// Kernels of the first convolution of a network that reads volumes, for one that reads `planes` neighbouring slices as
// channels, neighbours outermost; undefined when the depth is another.
torch::Tensor DepthAsSlices(const torch::Tensor& kernels, std::int64_t planes);

// from, to [out, slices · channels, rows, columns], neighbouring slices outermost. `from_names`: the file's channels;
// empty when it does not name them: then as many channels are taken in their order, others are averaged.
Surgery AdaptChannels(const torch::Tensor& from, const std::vector<std::string>& from_names, torch::Tensor to,
                      const std::vector<std::string>& to_names, plan::ChannelTransfer rule);

// from, to: labels along the first axis. Names as above; without them as many labels are taken in their order. Labels
// that the file lacks start from those that `rules.label_sources` names; the biases of n labels that start from the
// same one are ln n lower, so that together they are as probable as it was.
Surgery AdaptLabels(const torch::Tensor& from, const std::vector<std::string>& from_names, torch::Tensor to,
                    const std::vector<std::string>& to_names, const plan::TransferPlan& rules);

// [out, encoder's + upsampled, …] → [out, upsampled + encoder's, …]: halves of the second axis change places.
torch::Tensor SwapHalves(const torch::Tensor& kernels);

}  // namespace parotis::model
