// A picture of synthetic patients for a person to judge: one row per case, its most telling slice in every channel, the
// truth outlined in the first.
#pragma once

#include "dataset/case.h"
#include "image/png.h"

namespace parotis::physics {

// The slice with the most truth, or the middle one.
std::int64_t TellingSlice(const dataset::Case& examination);
// That slice in every channel. `zoom` enlarges pixels.
image::Picture ContactRow(const dataset::Case& examination, int zoom = 1);
// Rows below each other.
image::Picture Stack(const std::vector<image::Picture>& rows);

}  // namespace parotis::physics
