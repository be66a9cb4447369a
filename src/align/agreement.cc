#include "align/agreement.h"

#include <algorithm>
#include <cmath>

#include "align/mutual_information.h"
#include "align/samples.h"
#include "base/parallel.h"
#include "image/threshold.h"

namespace parotis::align {
namespace {

using image::Vector3;
using image::Volume;
using image::Warp;

constexpr double kSpacing_mm = 2;
constexpr double kHeadMargin_mm = 4;
constexpr int kJointBins = 48;

// Central differences of a volume in world axes, one volume per component.
std::array<Volume, 3> GradientOf(const Volume& volume) {
  const image::Geometry& grid = volume.geometry;
  std::array<Volume, 3> gradient = {Volume(grid), Volume(grid), Volume(grid)};
  base::ParallelFor(grid.size[2], 0, [&](std::int64_t k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        const std::array<std::int64_t, 3> index = {i, j, k};
        for (int a = 0; a < 3; ++a) {
          std::array<std::int64_t, 3> low = index, high = index;
          low[a] = std::max<std::int64_t>(0, low[a] - 1);
          high[a] = std::min(grid.size[a] - 1, high[a] + 1);
          if (low[a] == high[a]) continue;
          const double run_mm = grid.spacing_mm[a] * static_cast<double>(high[a] - low[a]);
          const double slope = (volume.At(high[0], high[1], high[2]) - volume.At(low[0], low[1], low[2])) / run_mm;
          for (int r = 0; r < 3; ++r) gradient[r].At(i, j, k) += static_cast<float>(slope * grid.direction[r][a]);
        }
      }
    }
  });
  return gradient;
}

double MedianNorm(const std::vector<Vector3>& vectors) {
  std::vector<float> norms;
  norms.reserve(vectors.size());
  for (const Vector3& vector : vectors) norms.push_back(static_cast<float>(image::Norm(vector)));
  const std::array<double, 1> half = {0.5};
  return image::Quantiles(std::move(norms), half)[0];
}

// What `moving` shows at the reference's points through a warp.
struct View {
  std::vector<std::uint8_t> inside;
  std::vector<float> values;
  std::vector<Vector3> gradients;  // with respect to the reference's point
};

class Viewer {
 public:
  explicit Viewer(const Volume& moving) : moving_(moving), gradient_(GradientOf(moving)) {}

  View Through(const Warp& warp, const std::vector<Vector3>& points) const {
    const Sampler values(moving_);
    const std::array<Sampler, 3> slopes = {Sampler(gradient_[0]), Sampler(gradient_[1]), Sampler(gradient_[2])};
    View view{std::vector<std::uint8_t>(points.size()), std::vector<float>(points.size()),
              std::vector<Vector3>(points.size())};
    constexpr std::int64_t kChunk = 4096;
    const auto chunks = (static_cast<std::int64_t>(points.size()) + kChunk - 1) / kChunk;
    base::ParallelFor(chunks, 0, [&](std::int64_t chunk) {
      const auto end = std::min(points.size(), static_cast<std::size_t>((chunk + 1) * kChunk));
      for (auto n = static_cast<std::size_t>(chunk * kChunk); n < end; ++n)
        Look(warp, points[n], values, slopes, n, view);
    });
    return view;
  }

 private:
  static void Look(const Warp& warp, const Vector3& at, const Sampler& values, const std::array<Sampler, 3>& slopes,
                   std::size_t n, View& view) {
    Vector3 point = Mapped(warp.source_from_target, at);
    double stretch = 0;
    Vector3 direction{};
    if (warp.displacement) {
      const auto shift = warp.displacement->At(point);
      direction = warp.displacement->direction_world();
      for (int r = 0; r < 3; ++r) point[r] += shift.shift_mm * direction[r];
      stretch = shift.stretch;
    }
    Sampler::Value value;
    if (!values.At(point, value)) return;
    Vector3 gradient{};
    for (int r = 0; r < 3; ++r) {
      Sampler::Value slope;
      slopes[r].At(point, slope);
      gradient[r] = slope.value;
    }
    // The chain rule, but for the displacement's slopes across its direction, which are small.
    const double along = image::Dot(gradient, direction) * stretch;
    for (int r = 0; r < 3; ++r) gradient[r] += along * direction[r];
    view.inside[n] = 1;
    view.values[n] = static_cast<float>(value.value * (warp.keeps_signal ? 1 + stretch : 1));
    for (int c = 0; c < 3; ++c) {
      for (int r = 0; r < 3; ++r) view.gradients[n][c] += warp.source_from_target.matrix[r][c] * gradient[r];
    }
  }

  const Volume& moving_;
  std::array<Volume, 3> gradient_;
};

double Entropy(const std::vector<double>& counts, double total) {
  double entropy = 0;
  for (const double count : counts) {
    if (count > 0) entropy -= count / total * std::log(count / total);
  }
  return entropy;
}

double NormalisedInformation(const std::vector<float>& a, const ValueRange& range_a, const std::vector<float>& b,
                             const ValueRange& range_b) {
  std::vector<double> joint(static_cast<std::size_t>(kJointBins) * kJointBins), of_a(kJointBins), of_b(kJointBins);
  const auto bin = [](float value, const ValueRange& range) {
    const float share = (value - range.low) / (range.high - range.low);
    return static_cast<std::size_t>(std::clamp(static_cast<int>(share * kJointBins), 0, kJointBins - 1));
  };
  for (std::size_t n = 0; n < a.size(); ++n) {
    const std::size_t i = bin(a[n], range_a), j = bin(b[n], range_b);
    ++joint[i * kJointBins + j];
    ++of_a[i];
    ++of_b[j];
  }
  const auto total = static_cast<double>(a.size());
  const double together = Entropy(joint, total);
  return together > 0 ? (Entropy(of_a, total) + Entropy(of_b, total)) / together : 1;
}

struct Pairs {
  std::vector<float> reference, moving;
  std::vector<Vector3> reference_gradients, moving_gradients;
};

double EdgeAgreement(const Pairs& pairs, double noise_reference, double noise_moving) {
  double sum = 0;
  for (std::size_t n = 0; n < pairs.reference.size(); ++n) {
    const Vector3 &r = pairs.reference_gradients[n], &m = pairs.moving_gradients[n];
    const double product = image::Dot(r, m);
    const double size =
        (image::Dot(r, r) + noise_reference * noise_reference) * (image::Dot(m, m) + noise_moving * noise_moving);
    if (size > 0) sum += product * product / size;
  }
  return pairs.reference.empty() ? 0 : sum / static_cast<double>(pairs.reference.size());
}

}  // namespace

Comparison Compare(const Volume& reference, const Volume& moving, const Warp& before, const Warp& after) {
  const Volume fixed = AtResolution(reference, kSpacing_mm);
  const Volume other = AtResolution(moving, kSpacing_mm);
  const image::LabelVolume head = HeadOf(fixed, kHeadMargin_mm);
  const std::array<Volume, 3> fixed_gradient = GradientOf(fixed);
  std::vector<Vector3> points;
  std::vector<std::size_t> voxels;
  const auto& size = fixed.geometry.size;
  for (std::size_t v = 0; v < head.voxels.size(); ++v) {
    if (head.voxels[v] == 0) continue;
    const auto at = static_cast<std::int64_t>(v);
    points.push_back(image::WorldFromVoxel(
        fixed.geometry, {static_cast<double>(at % size[0]), static_cast<double>(at / size[0] % size[1]),
                         static_cast<double>(at / (size[0] * size[1]))}));
    voxels.push_back(v);
  }
  const Viewer viewer(other);
  const std::array<View, 2> views = {viewer.Through(before, points), viewer.Through(after, points)};
  std::array<Pairs, 2> pairs;
  for (std::size_t n = 0; n < points.size(); ++n) {
    if (views[0].inside[n] == 0 || views[1].inside[n] == 0) continue;
    for (int w = 0; w < 2; ++w) {
      pairs[w].reference.push_back(fixed.voxels[voxels[n]]);
      pairs[w].moving.push_back(views[w].values[n]);
      pairs[w].reference_gradients.push_back({fixed_gradient[0].voxels[voxels[n]], fixed_gradient[1].voxels[voxels[n]],
                                              fixed_gradient[2].voxels[voxels[n]]});
      pairs[w].moving_gradients.push_back(views[w].gradients[n]);
    }
  }
  Comparison comparison;
  if (pairs[0].reference.empty()) return comparison;
  comparison.overlap = static_cast<double>(pairs[0].reference.size()) / static_cast<double>(points.size());
  const ValueRange fixed_range = RangeOf(pairs[0].reference), moving_range = RangeOf(other.voxels);
  const double noise_reference = MedianNorm(pairs[0].reference_gradients);
  const double noise_moving = MedianNorm(pairs[0].moving_gradients);
  for (int w = 0; w < 2; ++w) {
    Agreement& agreement = w == 0 ? comparison.before : comparison.after;
    agreement.mutual_information =
        NormalisedInformation(pairs[w].reference, fixed_range, pairs[w].moving, moving_range);
    agreement.edges = EdgeAgreement(pairs[w], noise_reference, noise_moving);
  }
  return comparison;
}

}  // namespace parotis::align
