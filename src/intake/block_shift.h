// How far parts of an image are displaced against a reference of another contrast on the same grid: blocks of the one
// are looked for in the other by their edges. Used to judge distortion, not to correct it.
#pragma once

#include <vector>

#include "image/volume.h"

namespace parotis::intake {

// For every block of about 40 mm (half overlapping, five slices thick) that lies mostly in the bright part of
// `reference`: the distance in mm, along rows or columns and up to 14 mm, at which the correlation of the gradient's
// magnitude is largest. Gradients are of square roots smoothed by a Gaussian of one voxel: edges, whatever side is
// brighter. Edges less than 6 mm below the skin are left out: a fat-suppressed image has its outermost edge not at the
// skin but under the fat, and would seem displaced by the fat's thickness. Empty when the grids differ or no block
// fits.
std::vector<double> BlockShiftsMm(const image::Volume& reference, const image::Volume& image);

// The same for whole images: where ln(1 + value) of `image` correlates best with that of `reference`, over the voxels
// where `mask` is true.
double WholeShiftMm(const image::Volume& reference, const image::Volume& image, const image::LabelVolume& mask);

}  // namespace parotis::intake
