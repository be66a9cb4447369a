#include "privacy/deface.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "image/distance.h"
#include "image/threshold.h"

namespace parotis::privacy {
namespace {

using image::Geometry;
using image::LabelVolume;
using image::Vector3;
using image::Volume;

constexpr double kFullWidth = 0.92;   // of the widest row of a level
constexpr double kSmoothing_mm = 20;  // of levels, up and down, whose median limit counts

// How far behind the front each level reaches its full width; infinite where the image cuts it off.
std::vector<double> DepthsOfFullWidth(const FaceFrame& frame, const Skin& skin) {
  const Geometry& grid = skin.grid();
  std::vector<double> depths(static_cast<std::size_t>(grid.size[2]), std::numeric_limits<double>::infinity());
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    std::vector<std::int64_t> widths;  // [row]
    bool cut = false;
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      std::int64_t first = -1, last = -1;
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        if (!skin.Body(i, j, k)) continue;
        if (first < 0) first = i;
        last = i;
      }
      widths.push_back(first < 0 ? 0 : last - first + 1);
      cut = cut || (first >= 0 && (!skin.Seen(first - 1, j, k) || !skin.Seen(last + 1, j, k)));
    }
    const double full = kFullWidth * static_cast<double>(*std::max_element(widths.begin(), widths.end()));
    if (cut || full == 0) continue;
    const auto row = std::find_if(widths.begin(), widths.end(),
                                  [&](std::int64_t width) { return static_cast<double>(width) >= full; });
    const double y = grid.origin_world[1] + grid.spacing_mm[1] * static_cast<double>(row - widths.begin());
    const double z = grid.origin_world[2] + grid.spacing_mm[2] * static_cast<double>(k);
    depths[static_cast<std::size_t>(k)] = frame.DepthOf({frame.midline.At(y, z), y, z});
  }
  return depths;
}

}  // namespace

// Distance to the air that is seen, and to what lies beyond the image's front.
DepthBelowSkin::DepthBelowSkin(const Skin& skin) {
  const auto& size = skin.grid().size;
  LabelVolume air(skin.grid());
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t i = 0; i < size[0]; ++i) {
      bool before_body = true;
      for (std::int64_t j = 0; j < size[1]; ++j) {
        before_body = before_body && !skin.Body(i, j, k);
        air.At(i, j, k) = !skin.Body(i, j, k) && (skin.Seen(i, j, k) || before_body);
      }
    }
  }
  depth_mm_ = image::DistanceTo(air);
  // The surface lies between the centres of the last voxel of air and the first of tissue.
  const auto half = static_cast<float>(0.5 * skin.grid().spacing_mm[1]);
  for (std::size_t v = 0; v < depth_mm_.voxels.size(); ++v) {
    if (skin.seen.voxels[v] == 0) {
      depth_mm_.voxels[v] = kNotSeen;
    } else if (depth_mm_.voxels[v] > 0) {
      depth_mm_.voxels[v] -= half;
    }
  }
}

float DepthBelowSkin::At(const Vector3& point_world) const {
  const Geometry& grid = depth_mm_.geometry;  // axes along the world's
  std::array<std::int64_t, 3> at{};
  for (int a = 0; a < 3; ++a) {
    at[a] = std::llround((point_world[a] - grid.origin_world[a]) / grid.spacing_mm[a]);
    if (at[a] < 0 || at[a] >= grid.size[a]) return kNotSeen;
  }
  return depth_mm_.At(at[0], at[1], at[2]);
}

FaceRegion::FaceRegion(const Face& face, const Skin& skin) : frame_(*face.frame), depth_(skin) {
  const std::vector<double> full = DepthsOfFullWidth(frame_, skin);
  const auto reach = static_cast<std::ptrdiff_t>(kSmoothing_mm / skin.grid().spacing_mm[2]);
  for (std::ptrdiff_t k = 0; k < static_cast<std::ptrdiff_t>(full.size()); ++k) {
    std::vector<double> near;
    for (std::ptrdiff_t n = std::max<std::ptrdiff_t>(0, k - reach);
         n <= k + reach && n < static_cast<std::ptrdiff_t>(full.size()); ++n)
      near.push_back(full[static_cast<std::size_t>(n)]);
    std::nth_element(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(near.size() / 2), near.end());
    limit_mm_.push_back(std::min(near[near.size() / 2], frame_.face_depth_mm()));
  }
}

double FaceRegion::LimitAt(double z_world) const {
  const Geometry& grid = depth_.grid();
  const std::int64_t k = std::llround((z_world - grid.origin_world[2]) / grid.spacing_mm[2]);
  return limit_mm_[static_cast<std::size_t>(std::clamp<std::int64_t>(k, 0, grid.size[2] - 1))];
}

LabelVolume FaceRegion::On(const Geometry& grid, const DepthBelowSkin* own) const {
  LabelVolume removed(grid);
  std::size_t v = 0;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i, ++v) {
        const Vector3 p =
            image::WorldFromVoxel(grid, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        const double behind_front_mm = frame_.DepthOf(p);
        if (!frame_.BetweenChinAndBrow(p[2]) || behind_front_mm > LimitAt(p[2])) continue;
        if (behind_front_mm <= 0) {  // the nose, as a whole
          removed.voxels[v] = 1;
          continue;
        }
        float below_skin_mm = depth_.At(p);
        if (below_skin_mm == DepthBelowSkin::kNotSeen && own != nullptr) below_skin_mm = own->At(p);
        removed.voxels[v] = below_skin_mm <= kShellBelowSkin_mm;
      }
    }
  }
  return removed;
}

std::int64_t Spare(const LabelVolume& spared, LabelVolume& removed) {
  const Volume distance = image::DistanceTo(spared);
  std::int64_t count = 0;
  for (std::size_t v = 0; v < removed.voxels.size(); ++v) {
    if (removed.voxels[v] == 0 || distance.voxels[v] > kSparedAroundTruth_mm) continue;
    removed.voxels[v] = 0;
    ++count;
  }
  return count;
}

}  // namespace parotis::privacy
