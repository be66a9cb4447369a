// The discrete Fourier transform of one line, unscaled: forward e^{−2πi kn/N}, inverse e^{+2πi kn/N}. Each thread has
// its own plans.
#pragma once

#include <complex>
#include <cstdint>

namespace parotis::physics {

using Complex = std::complex<float>;

void TransformForward(const Complex* line, Complex* spectrum, std::int64_t count);
void TransformInverse(const Complex* spectrum, Complex* line, std::int64_t count);

// Where frequency k of a line of `count` samples lies, for k from −count/2 (rounded down) on.
inline std::int64_t IndexOfFrequency(std::int64_t k, std::int64_t count) { return k < 0 ? k + count : k; }
// The lowest of `count` frequencies around zero.
inline std::int64_t LowestFrequency(std::int64_t count) { return -(count / 2); }

}  // namespace parotis::physics
