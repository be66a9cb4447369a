// Voxels and where they lie. Values are in memory with i fastest: voxel (i, j, k) is voxels[(k·nj + j)·ni + i].
#pragma once

#include <cstdint>
#include <vector>

#include "image/geometry.h"

namespace parotis::image {

template <class T>
struct Image {
  Geometry geometry;
  std::vector<T> voxels;  // geometry.voxel_count() values

  Image() = default;
  explicit Image(const Geometry& grid, T value = T{})
      : geometry(grid), voxels(static_cast<std::size_t>(grid.voxel_count()), value) {}

  std::size_t Offset(std::int64_t i, std::int64_t j, std::int64_t k) const {
    return static_cast<std::size_t>((k * geometry.size[1] + j) * geometry.size[0] + i);
  }
  T& At(std::int64_t i, std::int64_t j, std::int64_t k) { return voxels[Offset(i, j, k)]; }
  const T& At(std::int64_t i, std::int64_t j, std::int64_t k) const { return voxels[Offset(i, j, k)]; }
};

using Volume = Image<float>;
using LabelVolume = Image<std::uint8_t>;

}  // namespace parotis::image
