#include "train/learner.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"

namespace parotis::train {
namespace {

model::UNet OnDevice(model::UNet network, const model::Compute& compute) {
  network->to(compute.device);
  return network;
}

model::UNet CopyOf(const plan::BundleInfo& info, const model::UNet& network) {
  const torch::NoGradGuard no_gradient;
  model::UNet copy = model::MakeNetwork(info, /*seed=*/0);
  const auto state = model::StateOf(*network);
  for (auto& [name, tensor] : model::StateOf(*copy)) torch::Tensor(tensor).copy_(state.at(name));
  return copy;
}

}  // namespace

Learner::Learner(const plan::BundleInfo& info, const model::Compute& compute, model::UNet start)
    : plan_(info.plan),
      compute_(compute),
      network_(OnDevice(std::move(start), compute)),
      average_(OnDevice(CopyOf(info, network_), compute)),
      loss_weights_(model::LossWeightsOf(plan_.loss, plan_.labels, compute.device)),
      optimiser_(plan_.optimiser, network_, average_) {
  network_->train();
}

LearnedStep Learner::Learn(const Batch& batch, std::int64_t iteration) {
  const model::SegmentationLossValue loss = Loss(batch);
  loss.total.backward();
  LearnedStep step;
  step.loss = loss.total.item<double>();
  step.soft_dice = loss.soft_dice.item<double>();
  step.gradient_norm = std::isfinite(step.loss) ? optimiser_.Step(iteration) : step.loss;
  if (!std::isfinite(step.gradient_norm)) {
    base::Throw(base::ErrorKind::kInput, fmt::format("the loss or its gradient is not finite in iteration {}; lower "
                                                     "optimiser.learning_rate or set training.precision to "
                                                     "\"float32\", and start again in a new run folder",
                                                     iteration + 1));
  }
  return step;
}

model::SegmentationLossValue Learner::Loss(const Batch& batch) {
  const auto count = static_cast<std::int64_t>(batch.draws.size());
  const std::int64_t rows = plan_.batch.patch[0], columns = plan_.batch.patch[1];
  // Both views only read.
  const auto images = torch::from_blob(const_cast<float*>(batch.images.data()),
                                       {count, network_->input_channels(), rows, columns}, at::kFloat);
  const auto labels =
      torch::from_blob(const_cast<std::uint8_t*>(batch.labels.data()), {count, rows, columns}, at::kByte);
  std::vector<torch::Tensor> logits;
  {
    const model::AutocastScope autocast(compute_);
    logits = network_->forward(images.to(compute_.device));
  }
  return model::SegmentationLoss(logits, labels.to(compute_.device).to(at::kLong), loss_weights_);
}

}  // namespace parotis::train
