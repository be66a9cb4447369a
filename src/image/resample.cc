#include "image/resample.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/parallel.h"
#include "image/taps.h"

namespace parotis::image {
namespace {

constexpr double kSnapTolerance = 1e-4;  // of a voxel, over the whole target: single-precision headers lose about that
constexpr double kCoarserThanAliases = 1.5;

// source index = matrix · target index + offset
struct IndexMap {
  Matrix3 matrix;
  Vector3 offset;
};

// Rounds a map that is a whole-voxel or an axis-aligned one but for rounding errors.
void Snap(IndexMap& map, const std::array<std::int64_t, 3>& target_size) {
  for (int row = 0; row < 3; ++row) {
    double drift = std::abs(map.offset[row] - std::round(map.offset[row]));
    for (int column = 0; column < 3; ++column) {
      const double steps = static_cast<double>(target_size[column] - 1);
      double& entry = map.matrix[row][column];
      if (std::abs(entry) * steps < kSnapTolerance) entry = 0;
      drift = std::max(drift, std::abs(entry - std::round(entry)) * steps);
    }
    if (drift >= kSnapTolerance) continue;
    map.offset[row] = std::round(map.offset[row]);
    for (double& entry : map.matrix[row]) entry = std::round(entry);
  }
}

IndexMap MapBetween(const Geometry& source, const Geometry& target, const AffineMap& source_from_target = {}) {
  const auto at = [&](const Vector3& index) {
    return VoxelFromWorld(source, Mapped(source_from_target, WorldFromVoxel(target, index)));
  };
  IndexMap map{};
  map.offset = at({0, 0, 0});
  for (int axis = 0; axis < 3; ++axis) {
    Vector3 unit = {0, 0, 0};
    unit[axis] = 1;
    const Vector3 along = at(unit);
    for (int row = 0; row < 3; ++row) map.matrix[row][axis] = along[row] - map.offset[row];
  }
  return map;
}

// For an axis-aligned map: the target axis that runs along each source axis; {−1, …} otherwise. A source axis along
// which the target does not move (the target has one voxel there) gets the axis that is left.
std::array<int, 3> AlignedAxes(const IndexMap& map) {
  std::array<int, 3> target_of = {-1, -1, -1};
  std::array<bool, 3> taken{};
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      if (map.matrix[row][column] == 0) continue;
      if (target_of[row] >= 0 || taken[column]) return {-1, -1, -1};
      target_of[row] = column;
      taken[column] = true;
    }
  }
  for (int& axis : target_of) {
    if (axis >= 0) continue;
    axis = static_cast<int>(std::find(taken.begin(), taken.end(), false) - taken.begin());
    taken[axis] = true;
  }
  return target_of;
}

// Of one row of the map. Gaussian whose variance is what the wider voxel of the target has beyond the source's, both
// taken as Gaussians whose full width at half maximum is the voxel (Cardoso et al., MICCAI 2015). In source voxels; 0
// when nothing aliases.
double AntiAliasSigma(const Vector3& row) {
  const double coarser = Norm(row);
  if (coarser <= kCoarserThanAliases) return 0;
  return std::sqrt(coarser * coarser - 1) / (2 * std::sqrt(2 * std::numbers::ln2));
}

// Where along each source axis the voxels of the target come from; −1 outside.
using Lookups = std::array<std::vector<std::int64_t>, 3>;

// Copies: the voxel of the target at t comes from lookups[axis][t[target_of[axis]]].
template <class T>
Image<T> Gather(const std::vector<T>& values, const std::array<std::int64_t, 3>& size, const Geometry& target,
                const std::array<int, 3>& target_of, const Lookups& lookups, T outside, int threads) {
  const std::array<std::int64_t, 3> source_strides = {1, size[0], size[0] * size[1]};
  std::array<std::int64_t, 3> strides{};  // by target axis, as `from`
  std::array<const std::int64_t*, 3> from{};
  for (int axis = 0; axis < 3; ++axis) {
    strides[target_of[axis]] = source_strides[axis];
    from[target_of[axis]] = lookups[axis].data();
  }
  Image<T> result(target, outside);
  base::ParallelFor(target.size[2], threads, [&](std::int64_t k) {
    T* output = result.voxels.data() + k * target.size[0] * target.size[1];
    for (std::int64_t j = 0; j < target.size[1]; ++j, output += target.size[0]) {
      if (from[2][k] < 0 || from[1][j] < 0) continue;
      const T* row = values.data() + from[2][k] * strides[2] + from[1][j] * strides[1];
      for (std::int64_t i = 0; i < target.size[0]; ++i) {
        if (from[0][i] >= 0) output[i] = row[from[0][i] * strides[0]];
      }
    }
  });
  return result;
}

// Axis by axis.
template <class T>
Image<T> ResampleAligned(std::vector<T> values, std::array<std::int64_t, 3> size, const Geometry& target,
                         const IndexMap& map, const std::array<int, 3>& target_of, Interpolation interpolation,
                         T outside, int threads) {
  Lookups lookups;
  for (int axis = 0; axis < 3; ++axis) {
    const int t = target_of[axis];
    const Taps taps =
        InterpolationTaps(map.offset[axis], map.matrix[axis][t], target.size[t], size[axis], interpolation);
    lookups[axis] = taps.first;
    if constexpr (std::is_same_v<T, float>) {
      if (taps.width == 1) continue;
      ApplyTaps(values, size, axis, taps, threads);
      for (std::int64_t at = 0; at < taps.outputs(); ++at) lookups[axis][at] = taps.first[at] < 0 ? -1 : at;
    }
  }
  return Gather(values, size, target, target_of, lookups, outside, threads);
}

float Interpolate(const std::vector<float>& values, const std::array<std::int64_t, 3>& size,
                  const std::array<PointTaps, 3>& taps) {
  float sum = 0;
  for (int c = 0; c < taps[2].width; ++c) {
    for (int b = 0; b < taps[1].width; ++b) {
      const float* row = values.data() + ((taps[2].first + c) * size[1] + taps[1].first + b) * size[0] + taps[0].first;
      float row_sum = 0;
      for (int a = 0; a < taps[0].width; ++a) row_sum += taps[0].weights[a] * row[a];
      sum += taps[2].weights[c] * taps[1].weights[b] * row_sum;
    }
  }
  return sum;
}

template <class T>
T ValueAt(const Image<T>& source, const std::vector<T>& values, const Vector3& index, Interpolation interpolation,
          T outside) {
  std::array<PointTaps, 3> taps;
  for (int axis = 0; axis < 3; ++axis) {
    if (!IsInside(index[axis], source.geometry.size[axis])) return outside;
    taps[axis] = TapsAt(index[axis], source.geometry.size[axis], interpolation);
  }
  if constexpr (std::is_same_v<T, float>) {
    if (interpolation != Interpolation::kNearest) return Interpolate(values, source.geometry.size, taps);
  }
  return values[source.Offset(taps[0].first, taps[1].first, taps[2].first)];
}

template <class T>
Image<T> ResampleOblique(const Image<T>& source, const std::vector<T>& values, const Geometry& target,
                         const IndexMap& map, Interpolation interpolation, T outside, int threads) {
  Image<T> result(target, outside);
  base::ParallelFor(target.size[2], threads, [&](std::int64_t k) {
    T* output = result.voxels.data() + k * target.size[0] * target.size[1];
    for (std::int64_t j = 0; j < target.size[1]; ++j) {
      Vector3 start = map.offset;
      for (int row = 0; row < 3; ++row) {
        start[row] += map.matrix[row][1] * static_cast<double>(j) + map.matrix[row][2] * static_cast<double>(k);
      }
      for (std::int64_t i = 0; i < target.size[0]; ++i) {
        const double x = static_cast<double>(i);
        const Vector3 index = {start[0] + map.matrix[0][0] * x, start[1] + map.matrix[1][0] * x,
                               start[2] + map.matrix[2][0] * x};
        *output++ = ValueAt(source, values, index, interpolation, outside);
      }
    }
  });
  return result;
}

template <class T>
Image<T> ResampleWith(const Image<T>& source, std::vector<T> values, const Geometry& target, const IndexMap& map,
                      Interpolation interpolation, T outside, int threads) {
  const std::array<int, 3> target_of = AlignedAxes(map);
  if (target_of[0] < 0) return ResampleOblique(source, values, target, map, interpolation, outside, threads);
  return ResampleAligned(std::move(values), source.geometry.size, target, map, target_of, interpolation, outside,
                         threads);
}

// Source values smoothed where the target's voxels are so much coarser that details would alias.
std::vector<float> AntiAliased(const Volume& source, const IndexMap& map, Interpolation interpolation, int threads) {
  std::vector<float> values = source.voxels;
  std::array<std::int64_t, 3> size = source.geometry.size;
  for (int axis = 0; axis < 3 && interpolation != Interpolation::kNearest; ++axis) {
    const double sigma = AntiAliasSigma(map.matrix[axis]);
    if (sigma > 0 && size[axis] > 1) ApplyTaps(values, size, axis, GaussianTaps(sigma, size[axis]), threads);
  }
  return values;
}

Volume ResampleDisplaced(const Volume& source, const std::vector<float>& values, const Geometry& target,
                         const Warp& warp, Interpolation interpolation, float outside, int threads) {
  const LineDisplacement& displacement = *warp.displacement;
  const Vector3 direction = displacement.direction_world();
  Volume result(target, outside);
  base::ParallelFor(target.size[2], threads, [&](std::int64_t k) {
    float* output = result.voxels.data() + k * target.size[0] * target.size[1];
    for (std::int64_t j = 0; j < target.size[1]; ++j) {
      for (std::int64_t i = 0; i < target.size[0]; ++i, ++output) {
        const Vector3 index = {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)};
        Vector3 point = Mapped(warp.source_from_target, WorldFromVoxel(target, index));
        const LineDisplacement::Value shift = displacement.At(point);
        for (int d = 0; d < 3; ++d) point[d] += shift.shift_mm * direction[d];
        const Vector3 from = VoxelFromWorld(source.geometry, point);
        bool inside = true;
        for (int d = 0; d < 3; ++d) inside = inside && IsInside(from[d], source.geometry.size[d]);
        if (!inside) continue;
        const float value = ValueAt(source, values, from, interpolation, outside);
        *output = warp.keeps_signal ? value * static_cast<float>(1 + shift.stretch) : value;
      }
    }
  });
  return result;
}

void CheckGrids(const Geometry& source, const Geometry& target, std::size_t voxels) {
  CheckGeometry(source, "the image to resample");
  CheckGeometry(target, "the grid to resample onto");
  if (voxels != static_cast<std::size_t>(source.voxel_count())) {
    base::Throw(base::ErrorKind::kInternal,
                fmt::format("an image has {} voxels on a grid of {}", voxels, source.voxel_count()));
  }
}

}  // namespace

Volume Resample(const Volume& source, const Geometry& target, Interpolation interpolation, float outside, int threads) {
  return Resample(source, target, Warp{}, interpolation, outside, threads);
}

Volume Resample(const Volume& source, const Geometry& target, const Warp& warp, Interpolation interpolation,
                float outside, int threads) {
  CheckGrids(source.geometry, target, source.voxels.size());
  IndexMap map = MapBetween(source.geometry, target, warp.source_from_target);
  std::vector<float> values = AntiAliased(source, map, interpolation, threads);
  if (warp.displacement) return ResampleDisplaced(source, values, target, warp, interpolation, outside, threads);
  Snap(map, target.size);
  return ResampleWith(source, std::move(values), target, map, interpolation, outside, threads);
}

LabelVolume ResampleLabels(const LabelVolume& source, const Geometry& target, int threads) {
  CheckGrids(source.geometry, target, source.voxels.size());
  IndexMap map = MapBetween(source.geometry, target);
  Snap(map, target.size);
  return ResampleWith(source, source.voxels, target, map, Interpolation::kNearest, std::uint8_t{0}, threads);
}

}  // namespace parotis::image
