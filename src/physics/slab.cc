#include "physics/slab.h"

#include <algorithm>

#include "physics/trilinear.h"

namespace parotis::physics {
namespace {

// Of the neighbours' nearest sub-slices, the slice's own two share the rest.
constexpr float kShoulder = 0.06f;

}  // namespace

image::Geometry FineGrid(const image::Geometry& slices) {
  image::Geometry fine = slices;
  fine.size[2] *= kSubSlices;
  fine.spacing_mm[2] /= kSubSlices;
  const double back_mm = 0.5 * (slices.spacing_mm[2] - fine.spacing_mm[2]);
  for (int r = 0; r < 3; ++r) fine.origin_world[r] -= back_mm * slices.direction[r][2];
  return fine;
}

Slab::Slab(const phantom::TissueMap& map, const SignalTables& tables, bool split_by_decay)
    : grid_(map.grid), split_by_decay_(split_by_decay), signals_(map.upper.size()) {
  for (std::size_t v = 0; v < signals_.size(); ++v) {
    const float share = static_cast<float>(map.fraction[v]) * (1.0f / 255);
    const std::uint8_t a = map.texture_a[v], b = map.texture_b[v];
    const auto add = [&](std::uint8_t tissue, float part) {
      const float water = part * tables.water[tissue][a] * tables.decay[tissue][b];
      signals_[v] += {water, part * tables.fat[tissue][a] * tables.fat_decay, water * tables.slow[tissue], 0};
    };
    add(map.upper[v], share);
    if (map.fraction[v] != 255) add(map.lower[v], 1 - share);
  }
}

SlicePlanes Slab::Slice(std::int64_t slice, const image::AffineMap& motion) const {
  const bool moved = !(motion == image::AffineMap{});
  const image::AffineMap back = moved ? image::Inverse(motion) : motion;
  const std::int64_t first = slice * kSubSlices;
  const float inner = 0.5f * (1 - 2 * kShoulder);
  std::vector<Signal> sum(static_cast<std::size_t>(grid_.size[0] * grid_.size[1]));
  Accumulate(first - 1, kShoulder, back, moved, sum);
  Accumulate(first, inner, back, moved, sum);
  Accumulate(first + 1, inner, back, moved, sum);
  Accumulate(first + 2, kShoulder, back, moved, sum);
  SlicePlanes planes;
  planes.columns = grid_.size[0], planes.rows = grid_.size[1];
  planes.pixel_mm[0] = grid_.spacing_mm[0], planes.pixel_mm[1] = grid_.spacing_mm[1];
  planes.water.reserve(sum.size());
  planes.fat.reserve(sum.size());
  if (split_by_decay_) planes.slow_water.reserve(sum.size());
  for (const Signal& signal : sum) {
    planes.water.push_back(signal.water);
    planes.fat.push_back(signal.fat);
    if (split_by_decay_) planes.slow_water.push_back(signal.slow_water);
  }
  return planes;
}

void Slab::Accumulate(std::int64_t fine_slice, float weight, const image::AffineMap& source_from_target, bool moved,
                      std::vector<Signal>& sum) const {
  if (!moved) {
    const std::int64_t inside = std::clamp<std::int64_t>(fine_slice, 0, grid_.size[2] - 1);
    const std::size_t start = sum.size() * static_cast<std::size_t>(inside);
    for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += weight * signals_[start + p];
    return;
  }
  const SourcePlane source(grid_, grid_, source_from_target, static_cast<double>(fine_slice));
  std::size_t p = 0;
  for (std::int64_t j = 0; j < grid_.size[1]; ++j) {
    for (std::int64_t i = 0; i < grid_.size[0]; ++i, ++p) sum[p] += weight * source.Around<float>(i, j).Sum(signals_);
  }
}

}  // namespace parotis::physics
