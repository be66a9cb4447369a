#include "dataset/duplicates.h"

#include <algorithm>
#include <cmath>
#include <numeric>

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

constexpr std::int64_t kBlocks = 8;  // along an axis, of the small picture

// The block of voxel i of `size`; −1 for the one in the middle that no half has.
std::int64_t BlockOf(std::int64_t i, std::int64_t size) {
  if (size <= kBlocks) return i;
  if (2 * i + 1 == size) return -1;
  return 2 * i < size ? i * kBlocks / size : kBlocks - 1 - (size - 1 - i) * kBlocks / size;
}

// c_b = Σ z / √(n_b n) over the voxels of block b: the image's projection on functions that are constant on blocks,
// which are orthonormal under the mean square.
void DrawPicture(const image::Volume& volume, double mean, double deviation, ImageSignature& signature) {
  const auto& size = volume.geometry.size;
  for (std::size_t c = 0; c < 3; ++c) signature.picture_size[c] = std::min(size[c], kBlocks);
  const auto& blocks = signature.picture_size;
  const auto count = static_cast<std::size_t>(blocks[0] * blocks[1] * blocks[2]);
  std::vector<double> sums(count), voxels(count);
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      const std::int64_t bj = BlockOf(j, size[1]), bk = BlockOf(k, size[2]);
      for (std::int64_t i = 0; i < size[0]; ++i) {
        const std::int64_t bi = BlockOf(i, size[0]);
        if (bi < 0 || bj < 0 || bk < 0) continue;
        const auto block = static_cast<std::size_t>(bi + blocks[0] * (bj + blocks[1] * bk));
        sums[block] += (volume.At(i, j, k) - mean) / deviation;
        ++voxels[block];
      }
    }
  }
  const auto all = static_cast<double>(volume.voxels.size());
  signature.picture.resize(count);
  for (std::size_t b = 0; b < count; ++b)
    signature.picture[b] = voxels[b] > 0 ? static_cast<float>(sums[b] / std::sqrt(voxels[b] * all)) : 0.0F;
}

double SquareOf(const std::vector<float>& picture) {
  double sum = 0;
  for (const float value : picture) sum += static_cast<double>(value) * value;
  return sum;
}

// Σ a b under one order and direction of b's axes, as in CorrelationUnder.
double ProductUnder(const ImageSignature& a, const ImageSignature& b, const std::array<std::size_t, 3>& axis,
                    unsigned flipped) {
  const auto& size = a.picture_size;
  const std::array<std::int64_t, 3> stride = {1, b.picture_size[0], b.picture_size[0] * b.picture_size[1]};
  std::array<std::int64_t, 3> step{};
  std::int64_t start = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    const bool backwards = (flipped >> c & 1U) != 0;
    step[c] = backwards ? -stride[axis[c]] : stride[axis[c]];
    if (backwards) start += stride[axis[c]] * (size[c] - 1);
  }
  double sum = 0;
  const float* of_a = a.picture.data();
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      const float* of_b = b.picture.data() + start + k * step[2] + j * step[1];
      for (std::int64_t i = 0; i < size[0]; ++i, of_b += step[0]) sum += static_cast<double>(*of_a++) * *of_b;
    }
  }
  return sum;
}

// Two standardised images with |correlation| ρ differ by 2 (1 − ρ) in the mean square, up to the sign; their
// projections differ by no more.
bool PicturesAgree(const ImageSignature& a, const ImageSignature& b) {
  constexpr double kRounding = 1e-4;
  const double least = (SquareOf(a.picture) + SquareOf(b.picture)) / 2 - (1 - kSameCorrelation) - kRounding;
  std::array<std::size_t, 3> axis = {0, 1, 2};
  do {
    bool fits = true;
    for (std::size_t c = 0; c < 3; ++c) fits = fits && a.picture_size[c] == b.picture_size[axis[c]];
    for (unsigned flipped = 0; fits && flipped < 8; ++flipped) {
      if (std::abs(ProductUnder(a, b, axis, flipped)) >= least) return true;
    }
  } while (std::next_permutation(axis.begin(), axis.end()));
  return false;
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
  DrawPicture(volume, mean, std::sqrt(moments[0]), signature);
  return signature;
}

std::vector<std::pair<std::size_t, std::size_t>> PossibleCopies(const std::vector<const ImageSignature*>& signatures) {
  // An inverted scale turns the skewness over.
  const auto skewness = [&](std::size_t at) { return std::abs(signatures[at]->skewness); };
  std::vector<std::size_t> order(signatures.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(signatures[a]->sorted_size, skewness(a)) < std::pair(signatures[b]->sorted_size, skewness(b));
  });
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const ImageSignature& one = *signatures[order[i]];
    for (std::size_t j = i + 1; j < order.size(); ++j) {
      const ImageSignature& other = *signatures[order[j]];
      if (one.sorted_size != other.sorted_size || !Close(skewness(order[j]), skewness(order[i]))) break;
      if (Close(one.kurtosis, other.kurtosis) && PicturesAgree(one, other))
        pairs.emplace_back(std::min(order[i], order[j]), std::max(order[i], order[j]));
    }
  }
  std::sort(pairs.begin(), pairs.end(),
            [](const auto& x, const auto& y) { return std::pair(x.second, x.first) < std::pair(y.second, y.first); });
  return pairs;
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
