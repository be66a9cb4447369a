#include "dataset/body_mask.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "image/components.h"
#include "image/threshold.h"

namespace parotis::dataset {
namespace {

constexpr double kBlockMm = 4;
constexpr double kLow = 0.005;  // quantiles between which an image is scaled
constexpr double kHigh = 0.99;
constexpr double kMaskedAir = 0.2;  // of the blocks
constexpr float kMedianOfHalfNormal = 0.6745F;
constexpr float kSigmasAboveAir = 3;
constexpr float kBrightestAir = 0.3F;        // of the scaled range: what is brighter is not air
constexpr float kDarkest = 0.05F;            // of the scaled range: what is darker is not tissue
constexpr double kSmallestComponent = 0.05;  // of the largest

// Means over whole blocks of voxels.
struct Blocks {
  image::Volume means;
  std::array<std::int64_t, 3> factor = {1, 1, 1};
};

Blocks BlockMeans(const image::Volume& volume) {
  Blocks blocks;
  image::Geometry grid = volume.geometry;
  for (int axis = 0; axis < 3; ++axis) {
    blocks.factor[axis] = std::clamp<std::int64_t>(std::llround(kBlockMm / grid.spacing_mm[axis]), 1, grid.size[axis]);
    grid.size[axis] = (grid.size[axis] + blocks.factor[axis] - 1) / blocks.factor[axis];
    grid.spacing_mm[axis] *= static_cast<double>(blocks.factor[axis]);
  }
  blocks.means = image::Volume(grid);
  const auto [fi, fj, fk] = blocks.factor;
  const auto [ni, nj, nk] = volume.geometry.size;
  for (std::int64_t k = 0; k < nk; ++k) {
    for (std::int64_t j = 0; j < nj; ++j) {
      float* sum = &blocks.means.At(0, j / fj, k / fk);
      const float* row = &volume.At(0, j, k);
      for (std::int64_t i = 0; i < ni; i += fi) *sum++ += std::accumulate(row + i, row + std::min(ni, i + fi), 0.0F);
    }
  }
  std::size_t block = 0;
  for (std::int64_t k = 0; k < nk; k += fk) {
    for (std::int64_t j = 0; j < nj; j += fj) {
      for (std::int64_t i = 0; i < ni; i += fi) {
        blocks.means.voxels[block++] /=
            static_cast<float>(std::min(fi, ni - i) * std::min(fj, nj - j) * std::min(fk, nk - k));
      }
    }
  }
  return blocks;
}

// The densest value: the shortest half of the sorted values, its shortest half, and so on (Bickel and Fruehwirth 2006).
float HalfSampleMode(std::span<const float> sorted) {
  while (sorted.size() > 2) {
    const std::size_t half = (sorted.size() + 1) / 2;
    std::size_t best = 0;
    for (std::size_t first = 1; first + half <= sorted.size(); ++first) {
      if (sorted[first + half - 1] - sorted[first] < sorted[best + half - 1] - sorted[best]) best = first;
    }
    sorted = sorted.subspan(best, half);
  }
  return (sorted.front() + sorted.back()) / 2;
}

// What noise in air does not exceed, for means scaled to 0…1; nothing when no air can be told from tissue. Air is the
// densest value among the dark blocks; its spread is taken from below, where no tissue is. Blocks of exact zeros are a
// rim that the scanner left empty, unless there are so many that the air was masked.
std::optional<float> AirThreshold(const std::vector<float>& means) {
  const float bright = image::OtsuThreshold(means);
  std::vector<float> dark;
  std::copy_if(means.begin(), means.end(), std::back_inserter(dark), [&](float v) { return v > 0 && v <= bright; });
  const auto zeros = std::count(means.begin(), means.end(), 0.0F);
  if (dark.empty() || static_cast<double>(zeros) > kMaskedAir * static_cast<double>(means.size())) return kDarkest;
  std::sort(dark.begin(), dark.end());
  const float air = HalfSampleMode(dark);
  const auto below = static_cast<std::size_t>(std::lower_bound(dark.begin(), dark.end(), air) - dark.begin());
  const float sigma = (air - dark[below / 2]) / kMedianOfHalfNormal;
  const float threshold = std::max(kDarkest, air + kSigmasAboveAir * sigma);
  if (air > kBrightestAir || threshold > bright) return std::nullopt;
  return threshold;
}

// Blocks with tissue; empty when no air can be told from it.
std::vector<std::uint8_t> Tissue(std::vector<float> means) {
  const std::vector<float> range = image::Quantiles(means, std::array{kLow, kHigh});
  const float low = std::min(0.0F, range[0]);
  if (!(range[1] > low)) return {};
  for (float& value : means) value = std::clamp((value - low) / (range[1] - low), 0.0F, 1.0F);
  const std::optional<float> threshold = AirThreshold(means);
  if (!threshold) return {};
  std::vector<std::uint8_t> tissue(means.size());
  std::transform(means.begin(), means.end(), tissue.begin(), [&](float value) { return value > *threshold; });
  return tissue;
}

void KeepLargeComponents(image::LabelVolume& mask) {
  const image::Components components = image::FindComponents(mask, image::Connectivity::kFaces);
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) {
    const std::int32_t id = components.ids.voxels[v];
    mask.voxels[v] = id > 0 && static_cast<double>(components.sizes[static_cast<std::size_t>(id - 1)]) >=
                                   kSmallestComponent * static_cast<double>(components.sizes[0]);
  }
}

// Within each slice across `axis`, what cannot be reached from the slice's border becomes true.
void CloseHoles(image::LabelVolume& mask, int axis) {
  const std::array<int, 3> order = {(axis + 1) % 3, (axis + 2) % 3, axis};
  const std::array<std::int64_t, 3> strides = {1, mask.geometry.size[0], mask.geometry.size[0] * mask.geometry.size[1]};
  image::Geometry slice_grid;
  slice_grid.size = {mask.geometry.size[order[0]], mask.geometry.size[order[1]], 1};
  const auto [columns, rows, unused] = slice_grid.size;
  for (std::int64_t slice = 0; slice < mask.geometry.size[axis]; ++slice) {
    const auto voxel = [&](std::int64_t c, std::int64_t r) -> std::uint8_t& {
      return mask
          .voxels[static_cast<std::size_t>(c * strides[order[0]] + r * strides[order[1]] + slice * strides[axis])];
    };
    image::LabelVolume air(slice_grid);
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c) air.At(c, r, 0) = voxel(c, r) == 0;
    }
    const image::Components components = image::FindComponents(air, image::Connectivity::kFaces);
    std::vector<bool> open(components.sizes.size() + 1, false);
    for (std::int64_t r = 0; r < rows; ++r) {
      for (const std::int64_t c : {std::int64_t{0}, columns - 1}) open[components.ids.At(c, r, 0)] = true;
    }
    for (std::int64_t c = 0; c < columns; ++c) {
      for (const std::int64_t r : {std::int64_t{0}, rows - 1}) open[components.ids.At(c, r, 0)] = true;
    }
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c) {
        if (air.At(c, r, 0) != 0) voxel(c, r) = !open[components.ids.At(c, r, 0)];
      }
    }
  }
}

// Every voxel takes the value of its block.
image::LabelVolume Expand(const image::LabelVolume& blocks, const std::array<std::int64_t, 3>& factor,
                          const image::Geometry& grid) {
  image::LabelVolume mask(grid);
  const std::int64_t ni = grid.size[0];
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      const std::uint8_t* block = &blocks.At(0, j / factor[1], k / factor[2]);
      std::uint8_t* row = &mask.At(0, j, k);
      for (std::int64_t i = 0; i < ni; i += factor[0]) std::fill(row + i, row + std::min(ni, i + factor[0]), *block++);
    }
  }
  return mask;
}

}  // namespace

image::LabelVolume BodyMask(const image::Volume& volume) {
  const Blocks blocks = BlockMeans(volume);
  image::LabelVolume body(blocks.means.geometry);
  body.voxels = Tissue(blocks.means.voxels);
  if (body.voxels.empty()) return image::LabelVolume(volume.geometry, 1);
  KeepLargeComponents(body);
  CloseHoles(body, image::SliceAxis(volume.geometry.spacing_mm));
  return Expand(body, blocks.factor, volume.geometry);
}

image::LabelVolume BodyMask(const dataset::Case& examination) {
  const bool only_maps = std::all_of(examination.channel_names.begin(), examination.channel_names.end(), IsQuantity);
  image::LabelVolume body(examination.grid);
  for (std::size_t c = 0; c < examination.channels.size(); ++c) {
    if (IsQuantity(examination.channel_names[c]) && !only_maps) continue;
    const image::LabelVolume seen = BodyMask(examination.channels[c]);
    std::transform(seen.voxels.begin(), seen.voxels.end(), body.voxels.begin(), body.voxels.begin(), std::bit_or<>());
  }
  return body;
}

}  // namespace parotis::dataset
