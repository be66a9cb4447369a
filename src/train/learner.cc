#include "train/learner.h"

#include <fmt/format.h>

#include <algorithm>
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

// The slices of one batch that belong together, and what they show.
struct Bags {
  std::vector<std::int64_t> bag_of_slice;
  std::vector<std::int64_t> label_of_bag;  // 0: no tumour in these slices
};

// The label of most pixels; 0 when there is none.
std::int64_t LabelOf(const std::vector<std::int64_t>& pixels_of_label) {
  const auto most = std::max_element(pixels_of_label.begin() + 1, pixels_of_label.end());
  return most == pixels_of_label.end() || *most == 0 ? 0 : most - pixels_of_label.begin();
}

// Slices of one case that were drawn for one label are a bag; it is labelled by what its patches show.
Bags BagsOf(const Batch& batch, std::size_t label_count) {
  Bags bags;
  std::map<std::pair<std::size_t, int>, std::int64_t> known;
  std::vector<std::vector<std::int64_t>> pixels;
  const std::size_t patch = batch.labels.size() / batch.draws.size();
  for (std::size_t i = 0; i < batch.draws.size(); ++i) {
    const auto [at, is_new] =
        known.try_emplace({batch.draws[i].case_index, batch.draws[i].wanted}, static_cast<std::int64_t>(known.size()));
    if (is_new) pixels.emplace_back(label_count, 0);
    bags.bag_of_slice.push_back(at->second);
    for (std::size_t pixel = 0; pixel < patch; ++pixel)
      ++pixels[static_cast<std::size_t>(at->second)][batch.labels[i * patch + pixel]];
  }
  for (const auto& counts : pixels) bags.label_of_bag.push_back(LabelOf(counts));
  return bags;
}

}  // namespace

Learner::Learner(const plan::BundleInfo& info, const model::Compute& compute, model::UNet start,
                 const std::vector<std::int64_t>& patients_per_label, LearningSpeeds speeds)
    : plan_(info.plan),
      compute_(compute),
      network_(OnDevice(std::move(start), compute)),
      average_(OnDevice(CopyOf(info, network_), compute)),
      loss_weights_(model::LossWeightsOf(plan_.loss, plan_.labels, patients_per_label, compute.device)),
      speeds_(std::move(speeds)),
      optimiser_(plan_.optimiser, network_, average_, speeds_) {
  network_->train();
}

// A level's tensors have one speed (plan::SpeedOf).
void Learner::Freeze(std::int64_t iteration) {
  for (const auto& child : network_->named_children()) {
    const auto speed = speeds_.lower_bound(child.key() + ".");
    const bool has_own = speed != speeds_.end() && speed->first.starts_with(child.key() + ".");
    const bool frozen = has_own && iteration < speed->second.first_iteration;
    if (child.value()->is_training() != frozen) continue;
    child.value()->train(!frozen);
    for (torch::Tensor& weight : child.value()->parameters()) weight.set_requires_grad(!frozen);
  }
}

LearnedStep Learner::Learn(const Batch& batch, std::int64_t iteration) {
  Freeze(iteration);
  const BatchLoss loss = Loss(batch);
  loss.total.backward();
  LearnedStep step;
  step.loss = loss.total.item<double>();
  step.soft_dice = loss.segmentation.soft_dice.item<double>();
  if (loss.patient.defined()) step.patient_loss = loss.patient.item<double>();
  step.gradient_norm = std::isfinite(step.loss) ? optimiser_.Step(iteration) : step.loss;
  if (!std::isfinite(step.gradient_norm)) {
    base::Throw(base::ErrorKind::kInput, fmt::format("the loss or its gradient is not finite in iteration {}; lower "
                                                     "optimiser.learning_rate or set training.precision to "
                                                     "\"float32\", and start again in a new run folder",
                                                     iteration + 1));
  }
  return step;
}

Learner::BatchLoss Learner::Loss(const Batch& batch) {
  const auto count = static_cast<std::int64_t>(batch.draws.size());
  const std::int64_t rows = plan_.batch.patch[0], columns = plan_.batch.patch[1];
  // Both views only read.
  const auto images = torch::from_blob(const_cast<float*>(batch.images.data()),
                                       {count, network_->input_channels(), rows, columns}, at::kFloat);
  const auto labels =
      torch::from_blob(const_cast<std::uint8_t*>(batch.labels.data()), {count, rows, columns}, at::kByte);
  model::UNetOutput output;
  {
    const model::AutocastScope autocast(compute_);
    output = network_->Run(images.to(compute_.device));
  }
  BatchLoss loss;
  loss.segmentation = model::SegmentationLoss(output.logits, labels.to(compute_.device).to(at::kLong), loss_weights_);
  loss.total = loss.segmentation.total;
  if (network_->has_patient_head()) {
    loss.patient = PatientLoss(batch, output.descriptions);
    loss.total = loss.total + plan_.loss.patient_head * loss.patient;
  }
  return loss;
}

torch::Tensor Learner::PatientLoss(const Batch& batch, const torch::Tensor& descriptions) {
  const Bags bags = BagsOf(batch, plan_.labels.size());
  const torch::Tensor logits =
      network_->PatientLogits(descriptions, torch::tensor(bags.bag_of_slice).to(compute_.device),
                              static_cast<std::int64_t>(bags.label_of_bag.size()));
  return torch::nll_loss(torch::log_softmax(logits, 1), torch::tensor(bags.label_of_bag).to(compute_.device));
}

}  // namespace parotis::train
