#include "dataset/duplicates.h"

#include <algorithm>
#include <cmath>

namespace parotis::dataset {
namespace {

constexpr double kSameCorrelation = 0.999;
constexpr double kMomentTolerance = 0.01;  // relative, or of 1

struct Sums {
  double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;

  void Add(double x, double y) {
    ++n;
    a += x;
    b += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  double Correlation() const {
    const double variance_a = aa - a * a / n;
    const double variance_b = bb - b * b / n;
    return variance_a > 0 && variance_b > 0 ? (ab - a * b / n) / std::sqrt(variance_a * variance_b) : 0;
  }
};

// Index axis axis[c] of b runs along axis c of a, backwards when flipped[c].
double CorrelationUnder(const image::Volume& a, const image::Volume& b, const std::array<std::size_t, 3>& axis,
                        unsigned flipped) {
  Sums sums;
  const auto& size = a.geometry.size;
  std::array<std::int64_t, 3> at{};
  for (at[2] = 0; at[2] < size[2]; ++at[2]) {
    for (at[1] = 0; at[1] < size[1]; ++at[1]) {
      for (at[0] = 0; at[0] < size[0]; ++at[0]) {
        std::array<std::int64_t, 3> other{};
        for (std::size_t c = 0; c < 3; ++c) other[axis[c]] = (flipped >> c & 1U) != 0 ? size[c] - 1 - at[c] : at[c];
        sums.Add(a.At(at[0], at[1], at[2]), b.At(other[0], other[1], other[2]));
      }
    }
  }
  return std::abs(sums.Correlation());
}

bool Close(double a, double b) { return std::abs(a - b) <= kMomentTolerance * std::max(1.0, std::abs(a)); }

}  // namespace

ImageSignature SignatureOf(const image::Volume& volume) {
  ImageSignature signature;
  signature.sorted_size = volume.geometry.size;
  std::sort(signature.sorted_size.begin(), signature.sorted_size.end());
  const auto count = static_cast<double>(volume.voxels.size());
  double mean = 0;
  for (const float value : volume.voxels) mean += value / count;
  std::array<double, 3> moments{};  // second to fourth, central
  for (const float value : volume.voxels) {
    const double d = value - mean;
    moments[0] += d * d / count;
    moments[1] += d * d * d / count;
    moments[2] += d * d * d * d / count;
  }
  if (moments[0] <= 0) return signature;
  signature.skewness = moments[1] / std::pow(moments[0], 1.5);
  signature.kurtosis = moments[2] / (moments[0] * moments[0]);
  return signature;
}

bool MayBeCopies(const ImageSignature& a, const ImageSignature& b) {
  // An inverted scale turns the skewness over.
  return a.sorted_size == b.sorted_size && Close(std::abs(a.skewness), std::abs(b.skewness)) &&
         Close(a.kurtosis, b.kurtosis);
}

bool AreCopies(const image::Volume& a, const image::Volume& b) {
  std::array<std::size_t, 3> axis = {0, 1, 2};
  do {
    bool fits = true;
    for (std::size_t c = 0; c < 3; ++c) fits = fits && a.geometry.size[c] == b.geometry.size[axis[c]];
    for (unsigned flipped = 0; fits && flipped < 8; ++flipped) {
      if (CorrelationUnder(a, b, axis, flipped) >= kSameCorrelation) return true;
    }
  } while (std::next_permutation(axis.begin(), axis.end()));
  return false;
}

}  // namespace parotis::dataset
