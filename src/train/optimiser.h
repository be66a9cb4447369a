// AdamW (Loshchilov and Hutter 2019) or SGD with Nesterov momentum, warm-up and polynomial decay, gradient clipping and
// an exponential moving average (EMA) of the weights: one step of training after the gradients are there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/unet.h"
#include "plan/network_parts.h"
#include "plan/plan.h"

namespace parotis::train {

// Linear warm-up, then learning_rate · (1 − t)^decay_power with t from 0 to 1 over the remaining iterations.
double LearningRate(const plan::OptimiserPlan& plan, std::int64_t iteration);

using LearningSpeeds = std::map<std::string, plan::LearningSpeed>;

class Optimiser {
 public:
  // `ema` follows `network`; both must outlive the object. With ema_decay 0 they stay equal. `speeds`: by name of the
  // weight; those not named learn as the plan says.
  Optimiser(const plan::OptimiserPlan& plan, model::UNet network, model::UNet ema, const LearningSpeeds& speeds = {});

  // Clips the gradients, changes the weights, moves the average, clears the gradients. Returns the L2 norm of the
  // gradients before clipping; when that is not finite nothing is changed. A weight that is frozen in this iteration
  // stays as it is, and neither its gradient nor its moments count; its moments begin when it does.
  double Step(std::int64_t iteration);

  // What a checkpoint must hold to go on bit for bit: weights, their average and the moments, by name.
  std::map<std::string, torch::Tensor> State() const;

 private:
  struct Weight {
    std::string name;
    torch::Tensor value, first, second;  // moments; `second` only of AdamW
    double decay;                        // weight decay: on convolutions and matrices, not on norms and biases
    plan::LearningSpeed speed;
    bool Learns(std::int64_t iteration) const { return iteration >= speed.first_iteration && value.grad().defined(); }
  };
  double ClipGradients(std::int64_t iteration);
  void StepAdamW(Weight& weight, const torch::Tensor& gradient, double learning_rate, std::int64_t steps_before) const;
  void StepSgd(Weight& weight, const torch::Tensor& gradient, double learning_rate) const;
  void MoveAverage(std::int64_t iteration);

  plan::OptimiserPlan plan_;
  model::UNet network_, ema_;
  std::vector<Weight> weights_;
};

}  // namespace parotis::train
