#include "model/losses.h"

#include <cmath>

namespace parotis::model {
namespace {

torch::Tensor DiceFromProbabilities(const torch::Tensor& probabilities, const torch::Tensor& target) {
  const std::int64_t labels = probabilities.size(1);
  const torch::Tensor truth = torch::zeros_like(probabilities).scatter_(1, target.unsqueeze(1), 1);
  const torch::Tensor overlap = (probabilities * truth).sum({0, 2, 3}).slice(0, 1, labels);
  const torch::Tensor truth_sum = truth.sum({0, 2, 3}).slice(0, 1, labels);
  const torch::Tensor sum = probabilities.sum({0, 2, 3}).slice(0, 1, labels) + truth_sum;
  const torch::Tensor present = (truth_sum > 0).to(at::kFloat);
  const torch::Tensor dice = 2 * overlap / sum.clamp_min(1e-8);
  return ((1 - dice) * present).sum() / present.sum().clamp_min(1);
}

// Weighted mean of −(1 − p)^γ · log p(target) over pixels.
torch::Tensor CrossEntropy(const torch::Tensor& log_probabilities, const torch::Tensor& target,
                           const LossWeights& weights) {
  if (weights.focal_gamma == 0) return torch::nll_loss_nd(log_probabilities, target, weights.class_weights);
  const torch::Tensor log_p = log_probabilities.gather(1, target.unsqueeze(1)).squeeze(1);
  const torch::Tensor pixel_weights = weights.class_weights.index({target});
  const torch::Tensor focus = (1 - log_p.exp()).clamp_min(0).pow(weights.focal_gamma);
  return -(pixel_weights * focus * log_p).sum() / pixel_weights.sum();
}

}  // namespace

std::vector<double> EffectiveNumberWeights(const std::vector<std::int64_t>& patients_per_label, double beta) {
  std::vector<double> weights(patients_per_label.size(), 1);
  if (beta == 0) return weights;
  double sum = 0;
  int labels = 0;
  for (std::size_t label = 1; label < weights.size(); ++label) {
    if (patients_per_label[label] == 0) continue;
    weights[label] = (1 - beta) / (1 - std::pow(beta, static_cast<double>(patients_per_label[label])));
    sum += weights[label];
    ++labels;
  }
  for (std::size_t label = 1; label < weights.size(); ++label) {
    if (patients_per_label[label] > 0) weights[label] *= labels / sum;
  }
  return weights;
}

LossWeights LossWeightsOf(const plan::LossPlan& loss, const std::vector<std::string>& labels,
                          const std::vector<std::int64_t>& patients_per_label, at::Device device) {
  const std::vector<double> balance = EffectiveNumberWeights(patients_per_label, loss.class_balance);
  std::vector<float> class_weights(labels.size(), 1);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto found = loss.class_weights.find(labels[i]);
    class_weights[i] = static_cast<float>((found != loss.class_weights.end() ? found->second : 1) * balance[i]);
  }
  return {loss.dice, loss.cross_entropy, torch::tensor(class_weights).to(device), loss.focal_gamma};
}

torch::Tensor SoftDiceLoss(const torch::Tensor& logits, const torch::Tensor& target) {
  return DiceFromProbabilities(torch::softmax(logits.to(at::kFloat), 1), target);
}

SegmentationLossValue SegmentationLoss(const std::vector<torch::Tensor>& logits, const torch::Tensor& target,
                                       const LossWeights& weights) {
  torch::Tensor soft_dice;
  torch::Tensor total = torch::zeros({}, weights.class_weights.options());
  double level_weight = 1;
  double weight_sum = 0;
  std::int64_t stride = 1;
  for (const torch::Tensor& level_logits : logits) {
    const torch::Tensor level_target =
        stride == 1 ? target : target.slice(1, 0, target.size(1), stride).slice(2, 0, target.size(2), stride);
    const torch::Tensor log_probabilities = torch::log_softmax(level_logits.to(at::kFloat), 1);
    const torch::Tensor dice = DiceFromProbabilities(log_probabilities.exp(), level_target);
    const torch::Tensor cross_entropy = CrossEntropy(log_probabilities, level_target, weights);
    if (stride == 1) soft_dice = (1 - dice).detach();
    total = total + level_weight * (weights.dice * dice + weights.cross_entropy * cross_entropy);
    weight_sum += level_weight;
    level_weight /= 2;
    stride *= 2;
  }
  return {total / weight_sum, soft_dice};
}

}  // namespace parotis::model
