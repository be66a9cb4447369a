#include "image/bounding_box.h"

#include <algorithm>

namespace parotis::image {

BoundingBox BoundingBoxOf(const Geometry& geometry) {
  BoundingBox box;
  for (std::size_t corner = 0; corner < 8; ++corner) {
    Vector3 index_voxel{};
    for (std::size_t a = 0; a < 3; ++a)
      index_voxel[a] = (corner >> a & 1) != 0 ? static_cast<double>(geometry.size[a]) - 0.5 : -0.5;
    const Vector3 world = WorldFromVoxel(geometry, index_voxel);
    for (std::size_t a = 0; a < 3; ++a) {
      box.low_mm[a] = corner == 0 ? world[a] : std::min(box.low_mm[a], world[a]);
      box.high_mm[a] = corner == 0 ? world[a] : std::max(box.high_mm[a], world[a]);
    }
  }
  return box;
}

}  // namespace parotis::image
