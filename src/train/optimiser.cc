#include "train/optimiser.h"

#include <algorithm>
#include <cmath>

namespace parotis::train {
namespace {

// PyTorch's and everyone's constants of Adam.
constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;

}  // namespace

double LearningRate(const plan::OptimiserPlan& plan, std::int64_t iteration) {
  const auto done = static_cast<double>(iteration), warmup = static_cast<double>(plan.warmup_iterations);
  if (done < warmup) return plan.learning_rate * (done + 1) / warmup;
  const double progress = (done - warmup) / std::max(1.0, static_cast<double>(plan.iterations) - warmup);
  return plan.learning_rate * std::pow(1 - std::min(1.0, progress), plan.decay_power);
}

Optimiser::Optimiser(const plan::OptimiserPlan& plan, model::UNet network, model::UNet ema,
                     const LearningSpeeds& speeds)
    : plan_(plan), network_(std::move(network)), ema_(std::move(ema)) {
  const torch::NoGradGuard no_gradient;
  for (const auto& item : network_->named_parameters()) {
    const torch::Tensor value = item.value();
    const torch::Tensor second = plan_.kind == plan::OptimiserKind::kAdamW ? torch::zeros_like(value) : torch::Tensor();
    const auto speed = speeds.find(item.key());
    weights_.push_back({item.key(), value, torch::zeros_like(value), second, value.dim() > 1 ? plan_.weight_decay : 0,
                        speed == speeds.end() ? plan::LearningSpeed{} : speed->second});
  }
}

double Optimiser::Step(std::int64_t iteration) {
  const torch::NoGradGuard no_gradient;
  const double norm = ClipGradients(iteration);
  if (!std::isfinite(norm)) return norm;
  const double learning_rate = LearningRate(plan_, iteration);
  for (Weight& weight : weights_) {
    if (!weight.Learns(iteration)) continue;
    const double own_rate = learning_rate * weight.speed.factor;
    if (plan_.kind == plan::OptimiserKind::kAdamW) {
      StepAdamW(weight, weight.value.grad(), own_rate, iteration - weight.speed.first_iteration);
    } else {
      StepSgd(weight, weight.value.grad(), own_rate);
    }
  }
  MoveAverage(iteration);
  network_->zero_grad();
  return norm;
}

double Optimiser::ClipGradients(std::int64_t iteration) {
  std::vector<torch::Tensor> squares;
  for (const Weight& weight : weights_) {
    if (weight.Learns(iteration)) squares.push_back(weight.value.grad().square().sum());
  }
  if (squares.empty()) return 0;
  const double norm = std::sqrt(torch::stack(squares).sum().item<double>());
  if (plan_.gradient_clip > 0 && norm > plan_.gradient_clip) {
    for (const Weight& weight : weights_) {
      if (weight.Learns(iteration)) weight.value.grad().mul_(plan_.gradient_clip / norm);
    }
  }
  return norm;
}

void Optimiser::StepAdamW(Weight& weight, const torch::Tensor& gradient, double learning_rate,
                          std::int64_t steps_before) const {
  const auto steps = static_cast<double>(steps_before + 1);
  weight.value.mul_(1 - learning_rate * weight.decay);
  weight.first.lerp_(gradient, 1 - kBeta1);
  weight.second.mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
  const torch::Tensor root = weight.second.sqrt().div_(std::sqrt(1 - std::pow(kBeta2, steps))).add_(kEpsilon);
  weight.value.addcdiv_(weight.first, root, -learning_rate / (1 - std::pow(kBeta1, steps)));
}

void Optimiser::StepSgd(Weight& weight, const torch::Tensor& gradient, double learning_rate) const {
  const torch::Tensor decayed = gradient.add(weight.value, weight.decay);
  weight.first.mul_(plan_.momentum).add_(decayed);
  weight.value.add_(decayed.add(weight.first, plan_.momentum), -learning_rate);
}

// Early averages forget quickly, so that they do not remember the fresh weights.
void Optimiser::MoveAverage(std::int64_t iteration) {
  const auto done = static_cast<double>(iteration);
  const double decay = plan_.ema_decay > 0 ? std::min(plan_.ema_decay, (1 + done) / (10 + done)) : 0;
  const auto current = model::StateOf(*network_);
  for (auto& [name, average] : model::StateOf(*ema_)) average.lerp_(current.at(name), 1 - decay);
}

std::map<std::string, torch::Tensor> Optimiser::State() const {
  std::map<std::string, torch::Tensor> state;
  for (const auto& [name, tensor] : model::StateOf(*network_)) state["network." + name] = tensor;
  for (const auto& [name, tensor] : model::StateOf(*ema_)) state["ema." + name] = tensor;
  for (const Weight& weight : weights_) {
    state["first." + weight.name] = weight.first;
    if (weight.second.defined()) state["second." + weight.name] = weight.second;
  }
  return state;
}

}  // namespace parotis::train
