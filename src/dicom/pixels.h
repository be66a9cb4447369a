// The voxels of a series' volumes, as the physical values the header defines (PS3.3 C.11.1): slope · stored +
// intercept.
#pragma once

#include <cstddef>
#include <vector>

#include "dicom/series.h"
#include "image/volume.h"

namespace parotis::dicom {

// Loads volumes `which` of the series, each file once, on all threads. MONOCHROME1 is turned over so that more signal
// is always a larger number; padded pixels are 0. Throws kInput naming the series or file: the volume is no regular
// grid, the pixel data is missing, truncated, of an unsupported kind (colour, palette) or damaged.
std::vector<image::Volume> LoadVolumes(const Series& series, const std::vector<std::size_t>& which);
image::Volume LoadVolume(const Series& series, std::size_t which);
// Slice `slice` of volume `which` alone, as a volume of one slice at its place.
image::Volume LoadSlice(const Series& series, std::size_t which, std::int64_t slice);

}  // namespace parotis::dicom
