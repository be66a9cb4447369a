#include "physics/line_transform.h"

#include <unsupported/Eigen/FFT>

namespace parotis::physics {
namespace {

Eigen::FFT<float>& Plans() {
  static thread_local Eigen::FFT<float> fft = [] {
    Eigen::FFT<float> made;
    made.SetFlag(Eigen::FFT<float>::Unscaled);
    return made;
  }();
  return fft;
}

}  // namespace

void TransformForward(const Complex* line, Complex* spectrum, std::int64_t count) {
  Plans().fwd(spectrum, line, count);
}

void TransformInverse(const Complex* spectrum, Complex* line, std::int64_t count) {
  Plans().inv(line, spectrum, count);
}

}  // namespace parotis::physics
