// Images that hold many slices side by side: Siemens mosaics and United Imaging grids. They are unpacked into planes
// with a position each, or left whole with a problem when the header does not say where the slices lie.
#pragma once

#include <vector>

#include "dicom/header.h"

namespace parotis::dicom {

// The planes of `whole`: itself when it is an ordinary image.
std::vector<PlaneHeader> UnpackTiles(const FrameItems& items, const PlaneHeader& whole);

// Slices arranged row by row in a square of ceil(sqrt(count)) tiles. `normal` points from slice 0 to slice 1.
// A mosaic's position is that of the corner the first tile would have if it were as large as the whole picture.
std::vector<PlaneHeader> UnpackMosaic(const PlaneHeader& whole, int count, const image::Vector3& normal);

}  // namespace parotis::dicom
