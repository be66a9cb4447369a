// Values of one grid on another, by world position. Threads over slices of the target.
#pragma once

#include "image/volume.h"

namespace parotis::image {

enum class Interpolation { kNearest, kLinear, kCubic };  // cubic: Catmull–Rom, exact on polynomials up to degree 2

// Voxels whose centre lies outside the source by more than half a voxel get `outside`; within that half voxel the edge
// value is continued. A target coarser than the source by more than 1.5 along an axis is first smoothed along
// it (Gaussian of the missing width) unless `interpolation` is kNearest, so that nothing aliases.
Volume Resample(const Volume& source, const Geometry& target, Interpolation interpolation, float outside = 0);
// Nearest label; never a value between two labels.
LabelVolume ResampleLabels(const LabelVolume& source, const Geometry& target);

}  // namespace parotis::image
