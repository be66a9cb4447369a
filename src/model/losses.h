// What training minimises: soft Dice plus cross-entropy, summed over the levels of deep supervision.
#pragma once

#include <string>
#include <vector>

#include "model/torch.h"
#include "plan/plan.h"

namespace parotis::model {

struct LossWeights {
  double dice = 1;
  double cross_entropy = 1;
  torch::Tensor class_weights;  // float [labels]
  double focal_gamma = 0;
};

// (1 − β) / (1 − β^patients) per label, scaled to a mean of 1 over the tumour labels that have patients; the background
// and labels without patients have 1 (Cui et al., CVPR 2019, with patients as the samples). β = 0: all 1.
std::vector<double> EffectiveNumberWeights(const std::vector<std::int64_t>& patients_per_label, double beta);

// `patients_per_label`: training patients who show each label; read for class_balance only.
LossWeights LossWeightsOf(const plan::LossPlan& loss, const std::vector<std::string>& labels,
                          const std::vector<std::int64_t>& patients_per_label, at::Device device);

// 1 − mean over foreground labels l of 2·Σ p_l·g_l / (Σ p_l + Σ g_l), sums over all pixels of the batch (Milletari et
// al. 2016, with the linear denominator and the batch sums of nnU-Net). A label absent from the whole batch has nothing
// to overlap with: it is left out of the mean, and its false positives are the cross-entropy's business. Without any
// foreground in the batch the result is 0. logits [batch, labels, rows, columns], target int64 [batch, rows, columns].
torch::Tensor SoftDiceLoss(const torch::Tensor& logits, const torch::Tensor& target);

struct SegmentationLossValue {
  torch::Tensor total;      // scalar, differentiable
  torch::Tensor soft_dice;  // scalar: 1 − SoftDiceLoss at the full resolution, without gradient
};

// total: weights.dice · SoftDiceLoss + weights.cross_entropy · weighted mean of −(1 − p)^γ · log p(target), summed over
// the levels with weights 1, ½, ¼, … normalised to sum 1 (Isensee et al. 2021). Coarser targets are the finest one's
// every second pixel.
SegmentationLossValue SegmentationLoss(const std::vector<torch::Tensor>& logits, const torch::Tensor& target,
                                       const LossWeights& weights);

}  // namespace parotis::model
