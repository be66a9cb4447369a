// From the slice images of one series to its volumes: which images belong together, their order along the slice normal,
// and whether they form a regular grid (PS3.3 C.7.6.2.1.1). Pure geometry on headers; file names and instance numbers
// never decide where a slice lies.
#pragma once

#include <string>
#include <vector>

#include "dicom/header.h"

namespace parotis::dicom {

// Volumes in order of acquisition. Images that differ in orientation, size, image type, echo time, b-value or gradient
// direction are different volumes; images that agree in all of these and share a position are repetitions, dealt to
// volumes by temporal position, acquisition number, instance number and acquisition time. A second image at some places
// of a single pass, or one with the same numbers from another file, is a duplicate. What is no regular grid carries a
// `problem`.
std::vector<SeriesVolume> BuildVolumes(const std::vector<PlaneHeader>& planes);

// The plane all volumes lie in (nearest body axis), kMixed when they differ.
SlicePlane PlaneOf(const std::vector<SeriesVolume>& volumes);

}  // namespace parotis::dicom
