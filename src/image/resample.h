// Values of one grid on another, by world position. Voxels that fall on voxels of the source keep their value bit for
// bit. `threads`: 0 as many as the process may use; the result does not depend on it.
#pragma once

#include "image/volume.h"
#include "image/warp.h"

namespace parotis::image {

enum class Interpolation { kNearest, kLinear, kCubic };  // cubic: Catmull–Rom, exact on polynomials up to degree 2

// Voxels whose centre lies outside the source by more than half a voxel get `outside`; within that half voxel the edge
// value is continued. A target coarser than the source by more than 1.5 along an axis is first smoothed along
// it (Gaussian of the missing width, Cardoso et al., MICCAI 2015) unless `interpolation` is kNearest, so that nothing
// aliases. Linear ramps are reproduced exactly by kLinear and kCubic, up to the outermost voxel centres.
Volume Resample(const Volume& source, const Geometry& target, Interpolation interpolation, float outside = 0,
                int threads = 0);
// The same through a warp, in one interpolation: voxel x of the target gets the source's value at warp(x).
Volume Resample(const Volume& source, const Geometry& target, const Warp& warp, Interpolation interpolation,
                float outside = 0, int threads = 0);
// Nearest label; never a value between two labels.
LabelVolume ResampleLabels(const LabelVolume& source, const Geometry& target, int threads = 0);

}  // namespace parotis::image
