#include "prepare/prepare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/parallel.h"
#include "dataset/body_mask.h"
#include "image/resample.h"
#include "plan/axes.h"
#include "prepare/normalise.h"

namespace parotis::prepare {
namespace {

constexpr double kSameSpacing = 0.01;  // relative: within slices, a spacing this near the plan's is the plan's
constexpr double kThinSlices = 1.5;    // slices thinner than the plan's by more than this are averaged

struct Box {
  std::array<std::int64_t, 3> first;
  std::array<std::int64_t, 3> last;
};

// The smallest box that holds every voxel of the mask; the whole grid when there is none.
Box BoxAround(const image::LabelVolume& mask) {
  const auto& size = mask.geometry.size;
  Box box{size, {-1, -1, -1}};
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      const std::uint8_t* row = &mask.voxels[mask.Offset(0, j, k)];
      const std::uint8_t* end = row + size[0];
      const std::uint8_t* first = std::find_if(row, end, [](auto voxel) { return voxel != 0; });
      if (first == end) continue;
      std::int64_t last = size[0] - 1;
      while (row[last] == 0) --last;
      const std::array<std::int64_t, 3> low = {first - row, j, k};
      const std::array<std::int64_t, 3> high = {last, j, k};
      for (int a = 0; a < 3; ++a) {
        box.first[a] = std::min(box.first[a], low[a]);
        box.last[a] = std::max(box.last[a], high[a]);
      }
    }
  }
  return box.last[0] < 0 ? Box{{0, 0, 0}, {size[0] - 1, size[1] - 1, size[2] - 1}} : box;
}

image::LabelVolume NonzeroMask(const dataset::Case& examination) {
  image::LabelVolume mask(examination.grid);
  for (const image::Volume& channel : examination.channels) {
    for (std::size_t v = 0; v < mask.voxels.size(); ++v) mask.voxels[v] |= channel.voxels[v] != 0 ? 1 : 0;
  }
  return mask;
}

// The case's grid without what the rule crops within slices; `slice_axis` is an index axis of the case.
image::Geometry Crop(const dataset::Case& examination, const plan::PreparationPlan& rule, int slice_axis) {
  const image::Geometry& grid = examination.grid;
  if (rule.crop == plan::CropRule::kNone) return grid;
  const Box box =
      BoxAround(rule.crop == plan::CropRule::kBody ? dataset::BodyMask(examination) : NonzeroMask(examination));
  std::array<std::int64_t, 3> first = {0, 0, 0};
  std::array<std::int64_t, 3> size = grid.size;
  for (int axis = 0; axis < 3; ++axis) {
    if (axis == slice_axis) continue;
    const auto margin = static_cast<std::int64_t>(std::ceil(rule.crop_margin_mm / grid.spacing_mm[axis] - 1e-6));
    first[axis] = std::max<std::int64_t>(0, box.first[axis] - margin);
    size[axis] = std::min(grid.size[axis], box.last[axis] + margin + 1) - first[axis];
  }
  return image::CroppedGrid(grid, first, size);
}

// The same extent along `axis` in voxels of `spacing_mm`, centred. The outermost centres stay inside the extent.
image::Geometry WithSpacing(image::Geometry grid, int axis, double spacing_mm) {
  const double extent_mm = static_cast<double>(grid.size[axis]) * grid.spacing_mm[axis];
  const std::int64_t count = std::max<std::int64_t>(1, std::llround(extent_mm / spacing_mm));
  image::Vector3 first_centre = {0, 0, 0};
  first_centre[axis] = (extent_mm - static_cast<double>(count - 1) * spacing_mm) / (2 * grid.spacing_mm[axis]) - 0.5;
  grid.origin_world = image::WorldFromVoxel(grid, first_centre);
  grid.size[axis] = count;
  grid.spacing_mm[axis] = spacing_mm;
  return grid;
}

bool HasAny(const dataset::Case& examination, const std::vector<std::string>& channels) {
  return std::any_of(channels.begin(), channels.end(),
                     [&](const std::string& channel) { return examination.Find(channel) != nullptr; });
}

// From [rows, columns] planes per channel to [slices, channels, rows, columns].
void PutChannel(const std::vector<float>& values, std::size_t channel, std::size_t channels, PreparedCase& prepared) {
  const auto plane = static_cast<std::size_t>(prepared.rows() * prepared.columns());
  for (std::size_t slice = 0; slice < static_cast<std::size_t>(prepared.slices()); ++slice) {
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(slice * plane), plane,
                prepared.image.begin() + static_cast<std::ptrdiff_t>((slice * channels + channel) * plane));
  }
}

// Divides by the sum over labels; where it is nothing, as outside the network's grid, the background is certain.
void Renormalise(std::vector<image::Volume>& volumes, int threads) {
  const image::Geometry& grid = volumes[0].geometry;
  const std::int64_t plane = grid.size[0] * grid.size[1];
  base::ParallelFor(grid.size[2], threads, [&](std::int64_t slice) {
    for (std::int64_t v = slice * plane; v < (slice + 1) * plane; ++v) {
      float sum = 0;
      for (image::Volume& volume : volumes) sum += volume.voxels[v] = std::max(0.0F, volume.voxels[v]);
      for (image::Volume& volume : volumes) volume.voxels[v] = sum > 0 ? volume.voxels[v] / sum : 0;
      if (!(sum > 0)) volumes[0].voxels[v] = 1;
    }
  });
}

}  // namespace

image::Geometry NetworkGrid(const dataset::Case& examination, const plan::Plan& plan) {
  const plan::PreparationPlan& rule = plan.preparation;
  const std::array<int, 3> order = plan::NetworkAxes(rule.slice_axis);
  const int case_slice_axis = image::CanonicalAxesOf(examination.grid).axis[rule.slice_axis];
  image::Geometry grid = image::PermutedGrid(image::CanonicalGrid(Crop(examination, rule, case_slice_axis)), order);
  for (int axis = 0; axis < 2; ++axis) {
    if (std::abs(grid.spacing_mm[axis] / rule.spacing_mm[axis] - 1) > kSameSpacing) {
      grid = WithSpacing(grid, axis, rule.spacing_mm[axis]);
    }
  }
  if (rule.spacing_mm[2] / grid.spacing_mm[2] > kThinSlices) grid = WithSpacing(grid, 2, rule.spacing_mm[2]);
  return grid;
}

PreparedCase Prepare(const dataset::Case& examination, const plan::Plan& plan, const std::vector<std::string>& channels,
                     int threads) {
  dataset::CheckCase(examination);
  PreparedCase prepared;
  prepared.id = examination.id;
  prepared.channel_names = channels;
  prepared.case_grid = examination.grid;
  prepared.network_grid = NetworkGrid(examination, plan);
  prepared.image.resize(channels.size() * static_cast<std::size_t>(prepared.network_grid.voxel_count()));
  for (std::size_t c = 0; c < channels.size(); ++c) {
    const image::Volume* channel = examination.Find(channels[c]);
    if (channel == nullptr && plan.serves_subsets() && HasAny(examination, channels)) continue;
    if (channel == nullptr) {
      base::Throw(
          base::ErrorKind::kInput,
          fmt::format("case {} has no channel {}, which the model needs; import the examination with it, or use a "
                      "model of another contrast set",
                      examination.id, channels[c]));
    }
    const Scaling scaling = ScalingOf(*channel, plan.Channel(channels[c]));
    image::Volume values = image::Resample(*channel, prepared.network_grid, image::Interpolation::kCubic, 0, threads);
    base::WithContext("case " + examination.id, [&] { Apply(scaling, channels[c], values.voxels); });
    PutChannel(values.voxels, c, channels.size(), prepared);
  }
  if (examination.truth)
    prepared.labels = image::ResampleLabels(*examination.truth, prepared.network_grid, threads).voxels;
  return prepared;
}

std::vector<image::Volume> Restore(const PreparedCase& prepared, const std::vector<float>& probabilities,
                                   std::size_t label_count, int threads) {
  const auto count = static_cast<std::size_t>(prepared.network_grid.voxel_count());
  if (label_count == 0 || probabilities.size() != label_count * count) {
    base::Throw(base::ErrorKind::kInternal, fmt::format("{} probabilities do not fit {} labels on {} voxels",
                                                        probabilities.size(), label_count, count));
  }
  std::vector<image::Volume> restored;
  image::Volume label(prepared.network_grid);
  for (std::size_t l = 0; l < label_count; ++l) {
    std::copy_n(probabilities.begin() + static_cast<std::ptrdiff_t>(l * count), count, label.voxels.begin());
    restored.push_back(image::Resample(label, prepared.case_grid, image::Interpolation::kLinear, 0, threads));
  }
  Renormalise(restored, threads);
  return restored;
}

}  // namespace parotis::prepare
