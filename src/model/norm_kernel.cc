#include "model/norm_kernel.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

// The same source for several instruction sets: an inline body inside functions with different targets.
#if defined(__x86_64__) && defined(__GNUC__)
#define PAROTIS_INLINE [[gnu::always_inline]] inline
#define PAROTIS_AVX512 [[gnu::target("avx512f,avx512bw,avx512vl,avx512dq,fma")]]
#define PAROTIS_AVX2 [[gnu::target("avx2,fma")]]
#else
#define PAROTIS_INLINE inline
#define PAROTIS_AVX512
#define PAROTIS_AVX2
#endif

namespace parotis::model {
namespace {

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

// Adds first[c] and second[c] of many blocks, per channel.
struct Sums {
  std::vector<float> first, second;
  std::vector<double> first_total, second_total;

  explicit Sums(std::int64_t channels)
      : first(static_cast<std::size_t>(channels)), second(first.size()), first_total(first.size()), second_total(first.size()) {}
  void EndBlock() {
    for (std::size_t c = 0; c < first.size(); ++c) {
      first_total[c] += first[c];
      second_total[c] += second[c];
      first[c] = second[c] = 0;
    }
  }
};

template <class T>
PAROTIS_INLINE void Forward(const NormSlice<T>& s, double epsilon, float slope, T* y) {
  const std::int64_t channels = s.channels;
  // Differences from the first pixel keep the variance exact when the mean is large.
  std::vector<float> reference(static_cast<std::size_t>(channels)), factor(reference.size()), offset(reference.size());
  for (std::int64_t c = 0; c < channels; ++c) reference[static_cast<std::size_t>(c)] = Load(s.x[c]);
  Sums sums(channels);
  float* const __restrict sum = sums.first.data();
  float* const __restrict square = sums.second.data();
  const float* const origin = reference.data();
  for (std::int64_t start = 0; start < s.pixels; start += kBlock) {
    for (std::int64_t pixel = start; pixel < std::min(start + kBlock, s.pixels); ++pixel) {
      const T* const x = s.x + pixel * channels;
      for (std::int64_t c = 0; c < channels; ++c) {
        const float d = Load(x[c]) - origin[c];
        sum[c] += d;
        square[c] += d * d;
      }
    }
    sums.EndBlock();
  }
  const auto count = static_cast<double>(s.pixels);
  for (std::size_t c = 0; c < reference.size(); ++c) {
    const double mean = sums.first_total[c] / count;
    const double variance = std::max(0.0, sums.second_total[c] / count - mean * mean);
    s.mean[c] = static_cast<float>(mean + reference[c]);
    s.inverse_sd[c] = static_cast<float>(1 / std::sqrt(variance + epsilon));
    factor[c] = s.scale[c] * s.inverse_sd[c];
    offset[c] = s.shift[c] - s.mean[c] * factor[c];
  }
  const float* const a = factor.data();
  const float* const b = offset.data();
  for (std::int64_t pixel = 0; pixel < s.pixels; ++pixel) {
    const T* const x = s.x + pixel * channels;
    T* const __restrict target = y + pixel * channels;
    for (std::int64_t c = 0; c < channels; ++c) {
      const float z = Load(x[c]) * a[c] + b[c];
      Store(z > 0 ? z : z * slope, target[c]);
    }
  }
}

// With z = scale · x̂ + shift and g = dL/dz: dL/dx = scale · inverse_sd · (g − mean(g) − x̂ · mean(g · x̂)), the means over the
// slice's pixels (Ioffe and Szegedy 2015, applied to one slice).
template <class T>
PAROTIS_INLINE void Backward(const NormSlice<T>& s, float slope, const T* gradient_y, T* gradient_x, float* gradient_scale,
                             float* gradient_shift) {
  const std::int64_t channels = s.channels;
  Sums sums(channels);
  float* const __restrict sum_g = sums.first.data();
  float* const __restrict sum_gx = sums.second.data();
  const float *const mean = s.mean, *const inverse_sd = s.inverse_sd, *const scale = s.scale, *const shift = s.shift;
  for (std::int64_t start = 0; start < s.pixels; start += kBlock) {
    for (std::int64_t pixel = start; pixel < std::min(start + kBlock, s.pixels); ++pixel) {
      const T* const x = s.x + pixel * channels;
      const T* const gy = gradient_y + pixel * channels;
      for (std::int64_t c = 0; c < channels; ++c) {
        const float normal = (Load(x[c]) - mean[c]) * inverse_sd[c];
        const float outer = Load(gy[c]);
        const float g = normal * scale[c] + shift[c] > 0 ? outer : outer * slope;
        sum_g[c] += g;
        sum_gx[c] += g * normal;
      }
    }
    sums.EndBlock();
  }
  std::vector<float> mean_g_values(sums.first.size()), mean_gx_values(mean_g_values.size());
  for (std::size_t c = 0; c < mean_g_values.size(); ++c) {
    gradient_shift[c] = static_cast<float>(sums.first_total[c]);
    gradient_scale[c] = static_cast<float>(sums.second_total[c]);
    mean_g_values[c] = static_cast<float>(sums.first_total[c] / static_cast<double>(s.pixels));
    mean_gx_values[c] = static_cast<float>(sums.second_total[c] / static_cast<double>(s.pixels));
  }
  const float* const mean_g = mean_g_values.data();
  const float* const mean_gx = mean_gx_values.data();
  for (std::int64_t pixel = 0; pixel < s.pixels; ++pixel) {
    const T* const x = s.x + pixel * channels;
    const T* const gy = gradient_y + pixel * channels;
    T* const __restrict target = gradient_x + pixel * channels;
    for (std::int64_t c = 0; c < channels; ++c) {
      const float normal = (Load(x[c]) - mean[c]) * inverse_sd[c];
      const float outer = Load(gy[c]);
      const float g = normal * scale[c] + shift[c] > 0 ? outer : outer * slope;
      Store(scale[c] * inverse_sd[c] * (g - mean_g[c] - normal * mean_gx[c]), target[c]);
    }
  }
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
PAROTIS_AVX512 void Forward512(const NormSlice<T>& s, double epsilon, float slope, T* y) { Forward(s, epsilon, slope, y); }
template <class T>
PAROTIS_AVX2 void Forward256(const NormSlice<T>& s, double epsilon, float slope, T* y) { Forward(s, epsilon, slope, y); }
template <class T>
PAROTIS_AVX512 void Backward512(const NormSlice<T>& s, float slope, const T* gy, T* gx, float* gradient_scale, float* gradient_shift) {
  Backward(s, slope, gy, gx, gradient_scale, gradient_shift);
}
template <class T>
PAROTIS_AVX2 void Backward256(const NormSlice<T>& s, float slope, const T* gy, T* gx, float* gradient_scale, float* gradient_shift) {
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
    case Instructions::kAvx512: return Backward512(slice, slope, gradient_y, gradient_x, gradient_scale, gradient_shift);
    case Instructions::kAvx2: return Backward256(slice, slope, gradient_y, gradient_x, gradient_scale, gradient_shift);
    case Instructions::kPlain: return Backward(slice, slope, gradient_y, gradient_x, gradient_scale, gradient_shift);
  }
}

template void NormForward<float>(const NormSlice<float>&, double, float, float*);
template void NormForward<Bfloat16>(const NormSlice<Bfloat16>&, double, float, Bfloat16*);
template void NormBackward<float>(const NormSlice<float>&, float, const float*, float*, float*, float*);
template void NormBackward<Bfloat16>(const NormSlice<Bfloat16>&, float, const Bfloat16*, Bfloat16*, float*, float*);

}  // namespace parotis::model
