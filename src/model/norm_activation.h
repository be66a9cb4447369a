// Instance norm and LeakyReLU in one step: the part of the network that, done separately, costs as much as its
// convolutions.
#pragma once

#include "model/torch.h"

namespace parotis::model {

inline constexpr double kNormEpsilon = 1e-5;
inline constexpr double kLeakySlope = 0.01;

// LeakyReLU(scale · (x − mean) / √(variance + ε) + shift), mean and (biased) variance over the pixels of one channel of
// one slice (Ulyanov et al. 2016). x [batch, channels, rows, columns], float32 or bfloat16; the result has the type of
// x.
torch::Tensor InstanceNormLeakyRelu(const torch::Tensor& x, const torch::Tensor& scale, const torch::Tensor& shift);

}  // namespace parotis::model
