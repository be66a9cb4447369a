// Exact Euclidean distances in millimetres on anisotropic grids (Felzenszwalb and Huttenlocher 2012).
#pragma once

#include <vector>

#include "image/volume.h"

namespace parotis::image {

// Distance of every voxel's centre to the nearest centre of a voxel that is not zero; infinity when there is none.
Volume DistanceTo(const LabelVolume& mask);

// For every surface voxel of `from` (a voxel of the mask with a face neighbour outside it), the distance to the nearest
// surface voxel of `to`. Empty when either mask is.
std::vector<float> SurfaceDistances(const LabelVolume& from, const LabelVolume& to);

}  // namespace parotis::image
