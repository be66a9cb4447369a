// The network while it learns: one call per batch, from the images to the changed weights.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/bundle.h"
#include "model/compute.h"
#include "model/losses.h"
#include "train/batches.h"
#include "train/optimiser.h"

namespace parotis::train {

struct LearnedStep {
  double loss = 0;
  double soft_dice = 0;      // of the batch's labels, before the step
  double patient_loss = 0;   // cross-entropy of the patient head, unweighted; 0 without one
  double gradient_norm = 0;  // before clipping
};

class Learner {
 public:
  // `start`: the weights to begin with. `patients_per_label`: of the training set (loss.class_balance). `speeds`: as in
  // Optimiser; a part of the network that is frozen computes as in prediction (batch norm by its running statistics,
  // which do not move either).
  Learner(const plan::BundleInfo& info, const model::Compute& compute, model::UNet start,
          const std::vector<std::int64_t>& patients_per_label, LearningSpeeds speeds = {});

  // Throws kInput when the loss or its gradient is not finite; the weights are then as before.
  LearnedStep Learn(const Batch& batch, std::int64_t iteration);

  // The moving average of the weights: this is what is validated and becomes the model.
  const model::UNet& average() const { return average_; }
  std::map<std::string, torch::Tensor> State() const { return optimiser_.State(); }

 private:
  void Freeze(std::int64_t iteration);
  struct BatchLoss {
    model::SegmentationLossValue segmentation;
    torch::Tensor patient;  // undefined without a patient head
    torch::Tensor total;
  };
  BatchLoss Loss(const Batch& batch);
  torch::Tensor PatientLoss(const Batch& batch, const torch::Tensor& descriptions);

  plan::Plan plan_;
  model::Compute compute_;
  model::UNet network_, average_;
  model::LossWeights loss_weights_;
  LearningSpeeds speeds_;
  Optimiser optimiser_;
};

}  // namespace parotis::train
