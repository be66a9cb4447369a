#include "privacy/skin.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "image/bounding_box.h"
#include "image/components.h"
#include "image/resample.h"
#include "image/threshold.h"

namespace parotis::privacy {
namespace {

using image::Geometry;
using image::LabelVolume;
using image::Volume;

constexpr double kMostVoxels = 300;   // along an axis
constexpr double kBrightest = 0.995;  // quantile that stands for full signal
constexpr float kUnseen = std::numeric_limits<float>::lowest();
// Of the dark class: its spread is that of noise, from the quartiles of a half-normal distribution.
constexpr double kQuartile = 0.25;
constexpr double kMedian = 0.5;
constexpr float kSigmasAboveAir = 6;
constexpr float kQuartileToSigma = 1.5F;
constexpr float kDarkestTissue = 0.03F;  // of full signal

Geometry GridAround(const Geometry& geometry) {
  const image::BoundingBox box = image::BoundingBoxOf(geometry);
  Geometry grid;
  for (int a = 0; a < 3; ++a) {
    const double extent = box.length_mm(a);
    grid.spacing_mm[a] = std::max(kSkinGridMm, extent / kMostVoxels);
    grid.size[a] = std::max<std::int64_t>(1, std::llround(extent / grid.spacing_mm[a]));
    grid.origin_world[a] = box.low_mm[a] + 0.5 * grid.spacing_mm[a];
  }
  return grid;
}

// Square roots: noise and tissues of very different brightness come to lie in two classes.
float ThresholdOf(const std::vector<float>& seen, SkinContrast contrast) {
  const float full = image::Quantiles(seen, std::array{kBrightest})[0];
  if (!(full > 0)) return std::numeric_limits<float>::infinity();
  std::vector<float> roots(seen.size());
  std::transform(seen.begin(), seen.end(), roots.begin(),
                 [&](float v) { return std::sqrt(std::clamp(v / full, 0.0F, 1.0F)); });
  const float split = image::OtsuThreshold(roots);
  const float usual = full * split * split;
  if (contrast == SkinContrast::kUsual) return usual;
  std::vector<float> dark;
  std::copy_if(seen.begin(), seen.end(), std::back_inserter(dark), [&](float v) { return v <= usual; });
  const std::vector<float> spread = image::Quantiles(dark, std::array{kQuartile, kMedian});
  const float noise = kQuartileToSigma * (spread[1] - spread[0]);
  return std::min(usual, std::max(spread[1] + kSigmasAboveAir * noise, kDarkestTissue * full));
}

// Each axis once with weights 1, 2, 1: noise falls to a third, the skin moves by less than a voxel. What is not seen
// stays out of it.
Volume Smoothed(Volume image) {
  const auto& size = image.geometry.size;
  const std::array<std::int64_t, 3> step = {1, size[0], size[0] * size[1]};
  for (int a = 0; a < 3; ++a) {
    const Volume before = image;
    for (std::int64_t v = 0; v < image.geometry.voxel_count(); ++v) {
      const auto at = static_cast<std::size_t>(v);
      if (before.voxels[at] == kUnseen) continue;
      const std::int64_t index = v / step[a] % size[a];
      float sum = 2 * before.voxels[at], weight = 2;
      for (const std::int64_t side : {std::int64_t{-1}, std::int64_t{1}}) {
        if (index + side < 0 || index + side >= size[a]) continue;
        const float value = before.voxels[static_cast<std::size_t>(v + side * step[a])];
        if (value != kUnseen) sum += value, weight += 1;
      }
      image.voxels[at] = sum / weight;
    }
  }
  return image;
}

// True where the voxel and all six neighbours that are seen are.
LabelVolume Eroded(const LabelVolume& mask, const LabelVolume& seen) {
  LabelVolume eroded(mask.geometry);
  const auto& size = mask.geometry.size;
  const auto keeps = [&](std::int64_t i, std::int64_t j, std::int64_t k) {
    if (i < 0 || j < 0 || k < 0 || i >= size[0] || j >= size[1] || k >= size[2]) return true;
    return mask.At(i, j, k) != 0 || seen.At(i, j, k) == 0;
  };
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        if (mask.At(i, j, k) == 0) continue;
        eroded.At(i, j, k) = keeps(i - 1, j, k) && keeps(i + 1, j, k) && keeps(i, j - 1, k) && keeps(i, j + 1, k) &&
                             keeps(i, j, k - 1) && keeps(i, j, k + 1);
      }
    }
  }
  return eroded;
}

// `core` and what of `mask` touches it.
LabelVolume GrownBack(const LabelVolume& core, const LabelVolume& mask) {
  LabelVolume grown = core;
  const auto& size = mask.geometry.size;
  const std::array<std::int64_t, 3> step = {1, size[0], size[0] * size[1]};
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        const std::size_t v = mask.Offset(i, j, k);
        if (mask.voxels[v] == 0 || core.voxels[v] != 0) continue;
        const std::array<std::int64_t, 3> at = {i, j, k};
        for (int a = 0; a < 3 && grown.voxels[v] == 0; ++a) {
          const auto stride = static_cast<std::size_t>(step[a]);
          grown.voxels[v] =
              (at[a] > 0 && core.voxels[v - stride] != 0) || (at[a] + 1 < size[a] && core.voxels[v + stride] != 0);
        }
      }
    }
  }
  return grown;
}

LabelVolume Largest(const LabelVolume& mask) {
  const image::Components components = image::FindComponents(mask, image::Connectivity::kFaces);
  LabelVolume largest(mask.geometry);
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) largest.voxels[v] = components.ids.voxels[v] == 1;
  return largest;
}

// In every axial slice, what cannot be reached from its border through air or what is not seen becomes body.
void CloseHoles(LabelVolume& body) {
  const auto& size = body.geometry.size;
  std::vector<std::uint8_t> open(static_cast<std::size_t>(size[0] * size[1]));
  std::vector<std::int64_t> stack;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    std::uint8_t* slice = &body.At(0, 0, k);
    std::fill(open.begin(), open.end(), std::uint8_t{0});
    const auto visit = [&](std::int64_t i, std::int64_t j) {
      const std::int64_t at = j * size[0] + i;
      if (i < 0 || j < 0 || i >= size[0] || j >= size[1] || slice[at] != 0 || open[static_cast<std::size_t>(at)] != 0)
        return;
      open[static_cast<std::size_t>(at)] = 1;
      stack.push_back(at);
    };
    for (std::int64_t i = 0; i < size[0]; ++i) visit(i, 0), visit(i, size[1] - 1);
    for (std::int64_t j = 0; j < size[1]; ++j) visit(0, j), visit(size[0] - 1, j);
    while (!stack.empty()) {
      const std::int64_t at = stack.back();
      stack.pop_back();
      const std::int64_t i = at % size[0], j = at / size[0];
      visit(i - 1, j), visit(i + 1, j), visit(i, j - 1), visit(i, j + 1);
    }
    for (std::size_t v = 0; v < open.size(); ++v) slice[v] = slice[v] != 0 || open[v] == 0;
  }
}

}  // namespace

Skin FindSkin(const Volume& volume, SkinContrast contrast) {
  const Volume image =
      Smoothed(image::Resample(volume, GridAround(volume.geometry), image::Interpolation::kLinear, kUnseen));
  Skin skin;
  skin.seen = LabelVolume(image.geometry);
  std::vector<float> values;
  for (std::size_t v = 0; v < image.voxels.size(); ++v) {
    if (image.voxels[v] == kUnseen) continue;
    skin.seen.voxels[v] = 1;
    values.push_back(image.voxels[v]);
  }
  skin.body = LabelVolume(image.geometry);
  if (values.empty()) return skin;
  const float threshold = ThresholdOf(values, contrast);
  LabelVolume bright(image.geometry);
  std::transform(image.voxels.begin(), image.voxels.end(), bright.voxels.begin(),
                 [&](float v) { return v != kUnseen && v > threshold; });
  // Specks and threads of noise that touch the body do not survive an erosion.
  skin.body = GrownBack(Largest(Eroded(bright, skin.seen)), bright);
  CloseHoles(skin.body);
  for (std::size_t v = 0; v < skin.body.voxels.size(); ++v) skin.body.voxels[v] &= skin.seen.voxels[v];
  return skin;
}

}  // namespace parotis::privacy
