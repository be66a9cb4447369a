#include "model/norm_kernel.h"

#include <algorithm>
#include <bit>
#include <cmath>

// The same source for several instruction sets: an inline body inside functions with different targets.
#if defined(__x86_64__) && defined(__GNUC__)
#define PAROTIS_INLINE [[gnu::always_inline]] inline
#define PAROTIS_INLINE_LAMBDA __attribute__((always_inline))
#define PAROTIS_AVX512 [[gnu::target("avx512f,avx512bw,avx512vl,avx512dq,fma")]]
#define PAROTIS_AVX2 [[gnu::target("avx2,fma")]]
#else
#define PAROTIS_INLINE inline
#define PAROTIS_INLINE_LAMBDA
#define PAROTIS_AVX512
#define PAROTIS_AVX2
#endif

namespace parotis::model {
namespace {

// Channels done together: one AVX-512 register of float32. What is left over is done one by one.
constexpr int kWidth = 16;
// Sums of this many pixels are kept in float32 before they are added up in float64.
constexpr std::int64_t kBlock = 256;

PAROTIS_INLINE float Load(float value) { return value; }
PAROTIS_INLINE float Load(Bfloat16 value) { return std::bit_cast<float>(static_cast<std::uint32_t>(value.bits) << 16); }
PAROTIS_INLINE void Store(float value, float& target) { target = value; }
// To nearest, ties to even; NaN stays NaN.
PAROTIS_INLINE void Store(float value, Bfloat16& target) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  target.bits = static_cast<std::uint16_t>(value != value ? 0x7fc0 : rounded);
}

template <int W, class T>
PAROTIS_INLINE void LoadAll(const T* values, float (&target)[W]) {
  for (int c = 0; c < W; ++c) target[c] = Load(values[c]);
}
template <int W, class T>
PAROTIS_INLINE void StoreAll(const float (&values)[W], T* target) {
  for (int c = 0; c < W; ++c) Store(values[c], target[c]);
}

// Two sums per channel over all pixels; `add(pixel, first, second)` adds one pixel's share.
template <int W, class Add>
PAROTIS_INLINE void SumUp(std::int64_t pixels, double (&first_total)[W], double (&second_total)[W], Add&& add) {
  for (int c = 0; c < W; ++c) first_total[c] = second_total[c] = 0;
  for (std::int64_t start = 0; start < pixels; start += kBlock) {
    float first[W] = {}, second[W] = {};
    for (std::int64_t pixel = start; pixel < std::min(start + kBlock, pixels); ++pixel) add(pixel, first, second);
    for (int c = 0; c < W; ++c) {
      first_total[c] += first[c];
      second_total[c] += second[c];
    }
  }
}

// Channels `at` … at + W − 1 of a slice.
template <int W, class T>
PAROTIS_INLINE void ForwardChannels(const NormSlice<T>& s, std::int64_t at, double epsilon, float slope, T* y) {
  // Differences from the first pixel keep the variance exact when the mean is large.
  float origin[W], factor[W], offset[W];
  for (int c = 0; c < W; ++c) origin[c] = Load(s.x[at + c]);
  double sum[W], square[W];
  SumUp<W>(s.pixels, sum, square, [&](std::int64_t pixel, float(&first)[W], float(&second)[W]) PAROTIS_INLINE_LAMBDA {
    float x[W];
    LoadAll(s.x + pixel * s.channels + at, x);
    for (int c = 0; c < W; ++c) {
      const float d = x[c] - origin[c];
      first[c] += d;
      second[c] += d * d;
    }
  });
  for (int c = 0; c < W; ++c) {
    const double mean = sum[c] / static_cast<double>(s.pixels);
    const double variance = std::max(0.0, square[c] / static_cast<double>(s.pixels) - mean * mean);
    s.mean[at + c] = static_cast<float>(mean + origin[c]);
    s.inverse_sd[at + c] = static_cast<float>(1 / std::sqrt(variance + epsilon));
    factor[c] = s.scale[at + c] * s.inverse_sd[at + c];
    offset[c] = s.shift[at + c] - s.mean[at + c] * factor[c];
  }
  for (std::int64_t pixel = 0; pixel < s.pixels; ++pixel) {
    float z[W];
    LoadAll(s.x + pixel * s.channels + at, z);
    for (int c = 0; c < W; ++c) z[c] = z[c] * factor[c] + offset[c];
    for (int c = 0; c < W; ++c) z[c] *= z[c] > 0 ? 1.0F : slope;
    StoreAll(z, y + pixel * s.channels + at);
  }
}

// With z = scale · x̂ + shift and g = dL/dz: dL/dx = scale · inverse_sd · (g − mean(g) − x̂ · mean(g · x̂)), the means
// over the slice's pixels (Ioffe and Szegedy 2015, applied to one slice).
template <int W, class T>
PAROTIS_INLINE void BackwardChannels(const NormSlice<T>& s, std::int64_t at, float slope, const T* gradient_y,
                                     T* gradient_x, float* gradient_scale, float* gradient_shift) {
  // x̂ = inverse_sd · x + origin;  z = factor · x + offset
  float inverse_sd[W], origin[W], factor[W], offset[W], mean_g[W], mean_gx[W];
  for (int c = 0; c < W; ++c) {
    inverse_sd[c] = s.inverse_sd[at + c];
    origin[c] = -s.mean[at + c] * inverse_sd[c];
    factor[c] = s.scale[at + c] * inverse_sd[c];
    offset[c] = s.shift[at + c] - s.mean[at + c] * factor[c];
  }
  double sum_g[W], sum_gx[W];
  SumUp<W>(s.pixels, sum_g, sum_gx, [&](std::int64_t pixel, float(&first)[W], float(&second)[W]) PAROTIS_INLINE_LAMBDA {
    const T* const x = s.x + pixel * s.channels + at;
    const T* const gy = gradient_y + pixel * s.channels + at;
    for (int c = 0; c < W; ++c) {
      const float value = Load(x[c]), outer = Load(gy[c]), inner = outer * slope;
      const float g = value * factor[c] + offset[c] > 0 ? outer : inner;
      first[c] += g;
      second[c] += g * (value * inverse_sd[c] + origin[c]);
    }
  });
  for (int c = 0; c < W; ++c) {
    gradient_shift[at + c] = static_cast<float>(sum_g[c]);
    gradient_scale[at + c] = static_cast<float>(sum_gx[c]);
    mean_g[c] = static_cast<float>(sum_g[c] / static_cast<double>(s.pixels));
    mean_gx[c] = static_cast<float>(sum_gx[c] / static_cast<double>(s.pixels));
  }
  for (std::int64_t pixel = 0; pixel < s.pixels; ++pixel) {
    float x[W], g[W];
    LoadAll(s.x + pixel * s.channels + at, x);
    LoadAll(gradient_y + pixel * s.channels + at, g);
    for (int c = 0; c < W; ++c) g[c] *= x[c] * factor[c] + offset[c] > 0 ? 1.0F : slope;
    for (int c = 0; c < W; ++c) g[c] = factor[c] * (g[c] - mean_g[c] - (x[c] * inverse_sd[c] + origin[c]) * mean_gx[c]);
    StoreAll(g, gradient_x + pixel * s.channels + at);
  }
}

template <class T>
PAROTIS_INLINE void Forward(const NormSlice<T>& s, double epsilon, float slope, T* y) {
  std::int64_t at = 0;
  for (; at + kWidth <= s.channels; at += kWidth) ForwardChannels<kWidth>(s, at, epsilon, slope, y);
  for (; at < s.channels; ++at) ForwardChannels<1>(s, at, epsilon, slope, y);
}

template <class T>
PAROTIS_INLINE void Backward(const NormSlice<T>& s, float slope, const T* gy, T* gx, float* gradient_scale,
                             float* gradient_shift) {
  std::int64_t at = 0;
  for (; at + kWidth <= s.channels; at += kWidth) {
    BackwardChannels<kWidth>(s, at, slope, gy, gx, gradient_scale, gradient_shift);
  }
  for (; at < s.channels; ++at) BackwardChannels<1>(s, at, slope, gy, gx, gradient_scale, gradient_shift);
}

enum class Instructions { kPlain, kAvx2, kAvx512 };

Instructions Available() {
#if defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq")) {
    return Instructions::kAvx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Instructions::kAvx2;
#endif
  return Instructions::kPlain;
}
const Instructions kInstructions = Available();

template <class T>
PAROTIS_AVX512 void Forward512(const NormSlice<T>& s, double epsilon, float slope, T* y) {
  Forward(s, epsilon, slope, y);
}
template <class T>
PAROTIS_AVX2 void Forward256(const NormSlice<T>& s, double epsilon, float slope, T* y) {
  Forward(s, epsilon, slope, y);
}
template <class T>
PAROTIS_AVX512 void Backward512(const NormSlice<T>& s, float slope, const T* gy, T* gx, float* gradient_scale,
                                float* gradient_shift) {
  Backward(s, slope, gy, gx, gradient_scale, gradient_shift);
}
template <class T>
PAROTIS_AVX2 void Backward256(const NormSlice<T>& s, float slope, const T* gy, T* gx, float* gradient_scale,
                              float* gradient_shift) {
  Backward(s, slope, gy, gx, gradient_scale, gradient_shift);
}

}  // namespace

template <class T>
void NormForward(const NormSlice<T>& slice, double epsilon, float slope, T* y) {
  switch (kInstructions) {
    case Instructions::kAvx512: return Forward512(slice, epsilon, slope, y);
    case Instructions::kAvx2: return Forward256(slice, epsilon, slope, y);
    case Instructions::kPlain: return Forward(slice, epsilon, slope, y);
  }
}

template <class T>
void NormBackward(const NormSlice<T>& slice, float slope, const T* gradient_y, T* gradient_x, float* gradient_scale,
                  float* gradient_shift) {
  switch (kInstructions) {
    case Instructions::kAvx512:
      return Backward512(slice, slope, gradient_y, gradient_x, gradient_scale, gradient_shift);
    case Instructions::kAvx2: return Backward256(slice, slope, gradient_y, gradient_x, gradient_scale, gradient_shift);
    case Instructions::kPlain: return Backward(slice, slope, gradient_y, gradient_x, gradient_scale, gradient_shift);
  }
}

template void NormForward<float>(const NormSlice<float>&, double, float, float*);
template void NormForward<Bfloat16>(const NormSlice<Bfloat16>&, double, float, Bfloat16*);
template void NormBackward<float>(const NormSlice<float>&, float, const float*, float*, float*, float*);
template void NormBackward<Bfloat16>(const NormSlice<Bfloat16>&, float, const Bfloat16*, Bfloat16*, float*, float*);

}  // namespace parotis::model
