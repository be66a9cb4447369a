#include "model/patient_head.h"

#include "model/norm_activation.h"

namespace parotis::model {
namespace {

constexpr std::int64_t kEmbedding = 64;
constexpr std::int64_t kAttention = 32;

}  // namespace

PatientHeadImpl::PatientHeadImpl(std::int64_t channels, std::int64_t labels) {
  embed_ = register_module("embed", torch::nn::Linear(2 * channels, kEmbedding));
  attention_tanh_ = register_module("attention_tanh", torch::nn::Linear(kEmbedding, kAttention));
  attention_gate_ = register_module("attention_gate", torch::nn::Linear(kEmbedding, kAttention));
  attention_ = register_module("attention", torch::nn::Linear(kAttention, 1));
  classify_ = register_module("classify", torch::nn::Linear(kEmbedding, labels));
}

torch::Tensor PatientHeadImpl::Describe(const torch::Tensor& features) {
  const torch::Tensor values = features.to(at::kFloat).flatten(2);
  return torch::cat({values.mean(2), values.amax(2)}, 1);
}

torch::Tensor PatientHeadImpl::forward(const torch::Tensor& descriptions, const torch::Tensor& bag, std::int64_t bags) {
  const torch::Tensor embedded = torch::leaky_relu(embed_->forward(descriptions), kLeakySlope);  // [slices, embedding]
  const torch::Tensor score = attention_->forward(torch::tanh(attention_tanh_->forward(embedded)) *
                                                  torch::sigmoid(attention_gate_->forward(embedded)));  // [slices, 1]
  // A softmax within each bag: member [bags, slices] is 1 where the slice belongs to the bag.
  const torch::Tensor member = (bag.unsqueeze(0) == torch::arange(bags, bag.options()).unsqueeze(1));
  const torch::Tensor weights =
      torch::softmax(score.transpose(0, 1).expand({bags, score.size(0)}).masked_fill(~member, -1e9), 1);
  return classify_->forward(torch::matmul(weights, embedded));
}

}  // namespace parotis::model
