#include "model/norm_activation.h"

#include <ATen/Parallel.h>

#include "model/norm_kernel.h"

namespace parotis::model {
namespace {

using torch::autograd::variable_list;

// Calls body(pointer of the element type) for float32 and bfloat16.
template <class Body>
void ForType(at::ScalarType type, Body&& body) {
  type == at::kFloat ? body(float{}) : body(Bfloat16{});
}

template <class T>
T* Data(const torch::Tensor& tensor) {
  return static_cast<T*>(tensor.data_ptr());
}

template <class T>
NormSlice<T> SliceOf(const torch::Tensor& x, std::int64_t n, const torch::Tensor& scale, const torch::Tensor& shift,
                     const torch::Tensor& statistics) {
  NormSlice<T> slice;
  slice.pixels = x.size(2) * x.size(3);
  slice.channels = x.size(1);
  slice.x = Data<const T>(x) + n * slice.pixels * slice.channels;
  slice.scale = Data<const float>(scale);
  slice.shift = Data<const float>(shift);
  slice.mean = Data<float>(statistics) + 2 * n * slice.channels;
  slice.inverse_sd = slice.mean + slice.channels;
  return slice;
}

// x channels-last; statistics [batch, 2, channels].
torch::Tensor Forward(const torch::Tensor& x, const torch::Tensor& scale, const torch::Tensor& shift,
                      const torch::Tensor& statistics) {
  torch::Tensor y = torch::empty_like(x);
  const std::int64_t size = x.size(1) * x.size(2) * x.size(3);
  ForType(x.scalar_type(), [&](auto type) {
    using T = decltype(type);
    at::parallel_for(0, x.size(0), 1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t n = first; n < last; ++n) {
        NormForward(SliceOf<T>(x, n, scale, shift, statistics), kNormEpsilon, static_cast<float>(kLeakySlope),
                    Data<T>(y) + n * size);
      }
    });
  });
  return y;
}

class InstanceNormFunction : public torch::autograd::Function<InstanceNormFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& scale, const torch::Tensor& shift) {
    const torch::Tensor statistics = torch::empty({x.size(0), 2, x.size(1)}, at::kFloat);
    context->save_for_backward({x, scale, shift, statistics});
    return Forward(x, scale, shift, statistics);
  }

  static variable_list backward(torch::autograd::AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const torch::Tensor &x = saved[0], &scale = saved[1], &shift = saved[2], &statistics = saved[3];
    const torch::Tensor gradient_y = gradients[0].to(x.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast);
    const torch::Tensor gradient_x = torch::empty_like(x);
    // Per slice, then added up in order: the same sums whatever the number of threads.
    const torch::Tensor parameters = torch::empty({x.size(0), 2, x.size(1)}, at::kFloat);
    const std::int64_t size = x.size(1) * x.size(2) * x.size(3);
    ForType(x.scalar_type(), [&](auto type) {
      using T = decltype(type);
      at::parallel_for(0, x.size(0), 1, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t n = first; n < last; ++n) {
          float* const gradient_scale = Data<float>(parameters) + 2 * n * x.size(1);
          NormBackward(SliceOf<T>(x, n, scale, shift, statistics), static_cast<float>(kLeakySlope),
                       Data<const T>(gradient_y) + n * size, Data<T>(gradient_x) + n * size, gradient_scale,
                       gradient_scale + x.size(1));
        }
      });
    });
    const torch::Tensor sums = parameters.sum(0);
    return {gradient_x, sums[0], sums[1]};
  }
};

}  // namespace

torch::Tensor InstanceNormLeakyRelu(const torch::Tensor& x, const torch::Tensor& scale, const torch::Tensor& shift) {
  const bool has_kernel = x.device().is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
  if (!has_kernel) {
    return torch::leaky_relu(
        torch::instance_norm(x, scale, shift, {}, {}, /*use_input_stats=*/true, /*momentum=*/0, kNormEpsilon,
                             /*cudnn_enabled=*/true),
        kLeakySlope);
  }
  const torch::Tensor slices = x.contiguous(at::MemoryFormat::ChannelsLast);
  if (!at::GradMode::is_enabled())
    return Forward(slices, scale, shift, torch::empty({x.size(0), 2, x.size(1)}, at::kFloat));
  return InstanceNormFunction::apply(slices, scale, shift);
}

}  // namespace parotis::model
