// Instance norm followed by LeakyReLU on one slice in memory, forward and backward, each reading the slice twice and
// writing it once. Compiled for plain x86-64, AVX2 and AVX-512, chosen when the program runs. Needs no LibTorch.
#pragma once

#include <cstdint>

namespace parotis::model {

// A number in bfloat16: the upper half of a float32.
struct Bfloat16 {
  std::uint16_t bits;
};

// A slice [pixels, channels], channels fastest, with its norm's parameters and statistics, one value per channel.
template <class T>  // float or Bfloat16
struct NormSlice {
  const T* x = nullptr;
  std::int64_t pixels = 0;
  std::int64_t channels = 0;
  const float* scale = nullptr;
  const float* shift = nullptr;
  float* mean = nullptr;        // written forward, read backward
  float* inverse_sd = nullptr;  // 1 / √(variance + ε); likewise
};

// y = LeakyReLU(scale · (x − mean) · inverse_sd + shift).
template <class T>
void NormForward(const NormSlice<T>& slice, double epsilon, float slope, T* y);

// From dL/dy to dL/dx, and the slice's share of dL/dscale and dL/dshift.
template <class T>
void NormBackward(const NormSlice<T>& slice, float slope, const T* gradient_y, T* gradient_x, float* gradient_scale,
                  float* gradient_shift);

}  // namespace parotis::model
