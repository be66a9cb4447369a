// Connected components of a mask in 3-D.
#pragma once

#include <cstdint>
#include <vector>

#include "image/volume.h"

namespace parotis::image {

struct Components {
  Image<std::int32_t> ids;          // 0 outside, 1 … count inside
  std::vector<std::int64_t> sizes;  // voxels of component c at [c−1]; largest first, ties by first voxel in memory

  std::int32_t count() const { return static_cast<std::int32_t>(sizes.size()); }
};

enum class Connectivity { kFaces = 6, kAll = 26 };

// Components of the voxels that are not zero.
Components FindComponents(const LabelVolume& mask, Connectivity connectivity = Connectivity::kAll);

}  // namespace parotis::image
