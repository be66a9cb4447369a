#include "model/norm_activation.h"

namespace parotis::model {

torch::Tensor InstanceNormLeakyRelu(const torch::Tensor& x, const torch::Tensor& scale, const torch::Tensor& shift) {
  const torch::Tensor normal =
      torch::instance_norm(x, scale, shift, {}, {}, /*use_input_stats=*/true, /*momentum=*/0, kNormEpsilon,
                           /*cudnn_enabled=*/true);
  return torch::leaky_relu(normal, kLeakySlope);
}

}  // namespace parotis::model
