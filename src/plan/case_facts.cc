#include "plan/case_facts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dataset/body_mask.h"
#include "image/threshold.h"
#include "plan/axes.h"

namespace parotis::plan {
namespace {

constexpr std::array<double, 5> kQuantiles = {0.005, 0.25, 0.5, 0.75, 0.995};
constexpr std::size_t kMaxSample = 200'000;  // values that quantiles are taken of: enough for three digits

template <class Keep>
std::vector<float> Sample(const std::vector<float>& voxels, const Keep& keep) {
  std::vector<float> sample;
  const std::size_t step = std::max<std::size_t>(1, voxels.size() / kMaxSample);
  for (std::size_t v = 0; v < voxels.size(); v += step) {
    if (keep(v)) sample.push_back(voxels[v]);
  }
  return sample;
}

image::LabelVolume Nonzero(const dataset::Case& examination) {
  image::LabelVolume mask(examination.grid);
  for (const image::Volume& channel : examination.channels) {
    for (std::size_t v = 0; v < mask.voxels.size(); ++v)
      mask.voxels[v] |= static_cast<std::uint8_t>(channel.voxels[v] != 0);
  }
  return mask;
}

// Millimetres along the index axes that the box around the mask spans.
std::array<double, 3> BoxExtent(const image::LabelVolume& mask) {
  std::array<std::int64_t, 3> first;
  first.fill(std::numeric_limits<std::int64_t>::max());
  std::array<std::int64_t, 3> last = {-1, -1, -1};
  const auto& size = mask.geometry.size;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        if (mask.At(i, j, k) == 0) continue;
        const std::array<std::int64_t, 3> index = {i, j, k};
        for (std::size_t axis = 0; axis < 3; ++axis) {
          first[axis] = std::min(first[axis], index[axis]);
          last[axis] = std::max(last[axis], index[axis]);
        }
      }
    }
  }
  std::array<double, 3> extent_mm = {0, 0, 0};
  if (last[0] < 0) return extent_mm;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    extent_mm[axis] = static_cast<double>(last[axis] - first[axis] + 1) * mask.geometry.spacing_mm[axis];
  }
  return extent_mm;
}

// The share of the two faces across the patient's right–left axis that the mask fills.
double ShareOfSideFaces(const image::LabelVolume& mask) {
  const auto axis = static_cast<std::size_t>(CanonicalAxes(mask.geometry)[0]);
  const auto& size = mask.geometry.size;
  std::int64_t filled = 0;
  std::int64_t all = 0;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        const std::int64_t place = std::array<std::int64_t, 3>{i, j, k}[axis];
        if (place != 0 && place != size[axis] - 1) continue;
        filled += mask.At(i, j, k) != 0 ? 1 : 0;
        ++all;
      }
    }
  }
  return static_cast<double>(filled) / static_cast<double>(all);
}

// Spacings are stored as float32 in many files: what differs by less than a tenth of a micrometre is rounding.
double Rounded(double length_mm) { return std::round(length_mm * 1e4) / 1e4; }

std::array<double, 3> InCanonicalOrder(const std::array<double, 3>& along_index_axes, const image::Geometry& geometry) {
  const std::array<int, 3> axes = CanonicalAxes(geometry);
  std::array<double, 3> canonical{};
  for (std::size_t world = 0; world < 3; ++world)
    canonical[world] = Rounded(along_index_axes[static_cast<std::size_t>(axes[world])]);
  return canonical;
}

std::array<double, 5> IntensityInside(const image::Volume& channel, const image::LabelVolume& body) {
  const auto values =
      image::Quantiles(Sample(channel.voxels, [&](std::size_t v) { return body.voxels[v] != 0; }), kQuantiles);
  std::array<double, 5> result{};
  std::copy(values.begin(), values.end(), result.begin());
  return result;
}

std::vector<double> LabelVolumes(const dataset::Case& examination, std::size_t label_count) {
  std::vector<double> volume_ml(label_count, 0.0);
  if (!examination.truth) return volume_ml;
  const double voxel_ml = examination.grid.voxel_volume_mm3() / 1000;
  for (const std::uint8_t label : examination.truth->voxels) volume_ml.at(label) += voxel_ml;
  return volume_ml;
}

}  // namespace

CaseFacts TakeCaseFacts(const dataset::Case& examination, std::size_t label_count) {
  const image::Geometry& grid = examination.grid;
  const image::LabelVolume body = dataset::BodyMask(examination);
  CaseFacts facts;
  facts.spacing_mm = InCanonicalOrder(grid.spacing_mm, grid);
  facts.full_extent_mm = InCanonicalOrder(BoxExtent(image::LabelVolume(grid, 1)), grid);
  facts.body_extent_mm = InCanonicalOrder(BoxExtent(body), grid);
  facts.nonzero_extent_mm = InCanonicalOrder(BoxExtent(Nonzero(examination)), grid);
  facts.cut_share = ShareOfSideFaces(body);
  for (std::size_t c = 0; c < examination.channels.size(); ++c) {
    facts.intensity[examination.channel_names[c]] = IntensityInside(examination.channels[c], body);
  }
  facts.label_volume_ml = LabelVolumes(examination, label_count);
  return facts;
}

}  // namespace parotis::plan
