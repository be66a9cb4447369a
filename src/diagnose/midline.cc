#include "diagnose/midline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "image/components.h"
#include "image/threshold.h"

namespace parotis::diagnose {
namespace {

constexpr double kNarrowestNeck_mm = 80;
constexpr double kLeastDepth_mm = 30;  // front to back, of rows that can be used
constexpr double kWideRow = 0.5;       // rows narrower than this share of the widest are nose, ear or chin
constexpr double kBorder_mm = 5;       // of what was imaged: where scanners that correct distortion leave a ragged rim
constexpr double kLargestScatter_mm = 10;  // median absolute deviation of the rows' midpoints
constexpr double kBright = 0.995;          // quantile above which brightness is not told apart

// The largest connected part that is brighter than air; empty when the channel is flat. Square roots keep dark muscle
// on the body's side of the threshold, whatever fat and fluid do.
image::LabelVolume BodyOf(const image::Volume& channel) {
  std::vector<float> roots(channel.voxels.size());
  std::transform(channel.voxels.begin(), channel.voxels.end(), roots.begin(),
                 [](float value) { return std::sqrt(std::max(value, 0.0F)); });
  const float bright = image::Quantiles(roots, std::array{kBright})[0];
  for (float& root : roots) root = std::min(root, bright);
  const float threshold = image::OtsuThreshold(roots);
  image::LabelVolume mask(channel.geometry);
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) mask.voxels[v] = roots[v] > threshold;
  const image::Components parts = image::FindComponents(mask, image::Connectivity::kFaces);
  if (parts.count() == 0) return {};
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) mask.voxels[v] = parts.ids.voxels[v] == 1;
  return mask;
}

// The index axis that runs most along world axis `world`.
int AxisAlong(const image::Geometry& grid, int world) {
  int best = 0;
  for (int a = 1; a < 3; ++a) {
    if (std::abs(grid.direction[world][a]) > std::abs(grid.direction[world][best])) best = a;
  }
  return best;
}

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
};

// Of the grid's corners along world axis `world`.
Range ExtentOf(const image::Geometry& grid, int world) {
  Range range;
  for (int corner = 0; corner < 8; ++corner) {
    image::Vector3 index{};
    for (int a = 0; a < 3; ++a) index[a] = (corner >> a & 1) != 0 ? static_cast<double>(grid.size[a] - 1) : 0.0;
    const double place = WorldFromVoxel(grid, index)[world];
    range.low = std::min(range.low, place);
    range.high = std::max(range.high, place);
  }
  return range;
}

struct Extent {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = -1;
};

// Where along index axis `axis` the channel has values other than 0.
Extent ImagedAlong(const image::Volume& channel, int axis) {
  const std::array<std::int64_t, 3>& size = channel.geometry.size;
  Extent extent;
  std::size_t v = 0;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i, ++v) {
        if (channel.voxels[v] == 0) continue;
        const std::int64_t place = std::array{i, j, k}[axis];
        extent.first = std::min(extent.first, place);
        extent.last = std::max(extent.last, place);
      }
    }
  }
  return extent;
}

double MedianOf(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

}  // namespace

MidlineFinder::MidlineFinder(const dataset::Case& examination) {
  for (std::size_t c = 0; c < examination.channels.size() && rows_.empty(); ++c) {
    if (dataset::IsQuantity(examination.channel_names[c])) continue;
    const image::LabelVolume body = BodyOf(examination.channels[c]);
    if (!body.voxels.empty()) FillRows(body, examination.channels[c]);
  }
}

void MidlineFinder::FillRows(const image::LabelVolume& body, const image::Volume& channel) {
  const image::Geometry& grid = body.geometry;
  const int across = AxisAlong(grid, 0);
  const Extent imaged = ImagedAlong(channel, across);
  const auto border = std::max<std::int64_t>(1, std::llround(kBorder_mm / grid.spacing_mm[across]));
  const Range depth = ExtentOf(grid, 1);
  const Range height = ExtentOf(grid, 2);
  depth_mm_ = grid.spacing_mm[AxisAlong(grid, 1)];
  height_mm_ = grid.spacing_mm[AxisAlong(grid, 2)];
  lowest_z_world_ = height.low;
  depths_ = std::llround((depth.high - depth.low) / depth_mm_) + 1;
  const std::int64_t heights = std::llround((height.high - height.low) / height_mm_) + 1;
  rows_.assign(static_cast<std::size_t>(heights * depths_), Row());
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        if (body.At(i, j, k) == 0) continue;
        const image::Vector3 point =
            WorldFromVoxel(grid, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        const std::int64_t row_height = std::llround((point[2] - height.low) / height_mm_);
        Row& row =
            rows_[static_cast<std::size_t>(row_height * depths_ + std::llround((point[1] - depth.low) / depth_mm_))];
        row.right_x_world = std::min(row.right_x_world, point[0]);
        row.left_x_world = std::max(row.left_x_world, point[0]);
        const std::int64_t place = std::array{i, j, k}[across];
        row.cut |= place < imaged.first + border || place > imaged.last - border;
      }
    }
  }
}

std::optional<double> MidlineFinder::At(double z_low, double z_high) const {
  const auto within = [&](std::size_t row) {
    const std::int64_t height = static_cast<std::int64_t>(row) / depths_;
    const double z = lowest_z_world_ + static_cast<double>(height) * height_mm_;
    return z >= z_low - height_mm_ / 2 && z <= z_high + height_mm_ / 2;
  };
  double widest_mm = 0;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    if (within(r)) widest_mm = std::max(widest_mm, rows_[r].width_mm());
  }
  std::vector<double> middles;
  std::set<std::int64_t> depths;
  std::size_t cut = 0;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    if (!within(r) || rows_[r].width_mm() < kWideRow * widest_mm) continue;
    if (rows_[r].cut) {
      ++cut;
      continue;
    }
    middles.push_back(rows_[r].middle_x_world());
    depths.insert(static_cast<std::int64_t>(r) % depths_);
  }
  if (widest_mm < kNarrowestNeck_mm || static_cast<double>(depths.size()) * depth_mm_ < kLeastDepth_mm)
    return std::nullopt;
  if (cut > middles.size()) return std::nullopt;
  const double midline = MedianOf(middles);
  for (double& middle : middles) middle = std::abs(middle - midline);
  if (MedianOf(middles) > kLargestScatter_mm) return std::nullopt;
  return midline;
}

}  // namespace parotis::diagnose
