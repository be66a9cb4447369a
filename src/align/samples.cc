#include "align/samples.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/random.h"
#include "image/distance.h"
#include "image/resample.h"
#include "image/threshold.h"

namespace parotis::align {
namespace {

using image::Geometry;
using image::LabelVolume;
using image::Vector3;
using image::Volume;

constexpr double kWorthCoarsening = 1.25;

}  // namespace

Volume AtResolution(const Volume& volume, double spacing_mm) {
  const Geometry& fine = volume.geometry;
  Geometry coarse = fine;
  bool same = true;
  for (int a = 0; a < 3; ++a) {
    if (fine.spacing_mm[a] * kWorthCoarsening > spacing_mm || fine.size[a] == 1) continue;
    const double extent_mm = fine.spacing_mm[a] * static_cast<double>(fine.size[a]);
    coarse.size[a] = std::max<std::int64_t>(1, std::llround(extent_mm / spacing_mm));
    coarse.spacing_mm[a] = extent_mm / static_cast<double>(coarse.size[a]);
    const double shift_mm = 0.5 * (coarse.spacing_mm[a] - fine.spacing_mm[a]);
    for (int r = 0; r < 3; ++r) coarse.origin_world[r] += shift_mm * fine.direction[r][a];
    same = false;
  }
  return same ? volume : image::Resample(volume, coarse, image::Interpolation::kLinear);
}

LabelVolume HeadOf(const Volume& volume, double margin_mm) {
  const std::array<double, 2> ends = {0.0, 0.99};
  const std::vector<float> clip = image::Quantiles(volume.voxels, ends);
  std::vector<float> clipped = volume.voxels;
  for (float& value : clipped) value = std::min(value, clip[1]);
  const float threshold = 0.6f * image::OtsuThreshold(clipped);
  LabelVolume bright(volume.geometry);
  for (std::size_t v = 0; v < clipped.size(); ++v) bright.voxels[v] = clipped[v] > threshold ? 1 : 0;
  const Volume distance_mm = image::DistanceTo(bright);
  LabelVolume head(volume.geometry);
  for (std::size_t v = 0; v < head.voxels.size(); ++v) head.voxels[v] = distance_mm.voxels[v] <= margin_mm ? 1 : 0;
  return head;
}

Samples DrawSamples(const Volume& reference, const LabelVolume& mask, std::size_t count, std::uint64_t seed) {
  base::Random random(seed);
  std::vector<std::size_t> voxels;
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) {
    if (mask.voxels[v] != 0) voxels.push_back(v);
  }
  random.Shuffle(voxels);
  voxels.resize(std::min(count, voxels.size()));
  const Sampler sampler(reference);
  const auto& size = reference.geometry.size;
  Samples samples;
  for (const std::size_t v : voxels) {
    const auto at = static_cast<std::int64_t>(v);
    const std::array<std::int64_t, 3> index = {at % size[0], at / size[0] % size[1], at / (size[0] * size[1])};
    Vector3 place{};
    for (int a = 0; a < 3; ++a) {
      const double end = static_cast<double>(size[a] - 1);
      place[a] = std::clamp(static_cast<double>(index[a]) + random.Uniform(-0.5, 0.5), 0.0, end);
    }
    const Vector3 point = image::WorldFromVoxel(reference.geometry, place);
    Sampler::Value value;
    if (!sampler.At(point, value)) continue;
    samples.points_world.push_back(point);
    samples.values.push_back(static_cast<float>(value.value));
  }
  return samples;
}

Sampler::Sampler(const Volume& volume) : volume_(volume) {
  const Geometry& grid = volume.geometry;
  for (int a = 0; a < 3; ++a) {
    for (int r = 0; r < 3; ++r) voxel_from_world_[a][r] = grid.direction[r][a] / grid.spacing_mm[a];
  }
}

bool Sampler::At(const Vector3& point_world, Value& result) const {
  const Geometry& grid = volume_.geometry;
  std::array<std::int64_t, 3> low{}, high{};
  Vector3 share{};
  const Vector3 from_origin = {point_world[0] - grid.origin_world[0], point_world[1] - grid.origin_world[1],
                               point_world[2] - grid.origin_world[2]};
  for (int a = 0; a < 3; ++a) {
    const double end = static_cast<double>(grid.size[a] - 1);
    const double at = image::Dot(voxel_from_world_[a], from_origin);
    if (!(at >= -0.5 && at <= end + 0.5)) return false;
    const double inside = std::clamp(at, 0.0, end);
    low[a] = std::min(static_cast<std::int64_t>(inside), std::max<std::int64_t>(grid.size[a] - 2, 0));
    high[a] = std::min(low[a] + 1, grid.size[a] - 1);
    share[a] = inside - static_cast<double>(low[a]);
  }
  const auto mix = [](double a, double b, double t) { return a + (b - a) * t; };
  std::array<std::array<double, 2>, 2> line{}, slope{};
  for (int c = 0; c < 2; ++c) {
    for (int b = 0; b < 2; ++b) {
      const std::int64_t j = b == 0 ? low[1] : high[1], k = c == 0 ? low[2] : high[2];
      const double first = volume_.At(low[0], j, k), second = volume_.At(high[0], j, k);
      line[c][b] = mix(first, second, share[0]);
      slope[c][b] = second - first;
    }
  }
  const std::array<double, 2> plane = {mix(line[0][0], line[0][1], share[1]), mix(line[1][0], line[1][1], share[1])};
  result.value = mix(plane[0], plane[1], share[2]);
  const Vector3 per_voxel = {
      mix(mix(slope[0][0], slope[0][1], share[1]), mix(slope[1][0], slope[1][1], share[1]), share[2]),
      mix(line[0][1] - line[0][0], line[1][1] - line[1][0], share[2]), plane[1] - plane[0]};
  for (int r = 0; r < 3; ++r) {
    result.gradient_per_mm[r] = 0;
    for (int a = 0; a < 3; ++a) result.gradient_per_mm[r] += per_voxel[a] * voxel_from_world_[a][r];
  }
  return true;
}

}  // namespace parotis::align
