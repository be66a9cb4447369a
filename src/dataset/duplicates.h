// Images that are one another after turning over, reordering of axes, or another scale of intensities: copies that a
// checksum does not find. Private to this folder.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "image/volume.h"

namespace parotis::dataset {

// What such a change leaves as it is.
struct ImageSignature {
  std::array<std::int64_t, 3> sorted_size = {0, 0, 0};
  double skewness = 0;
  double kurtosis = 0;
};

ImageSignature SignatureOf(const image::Volume& volume);
// Worth a comparison: equal up to what rounding to whole numbers may change.
bool MayBeCopies(const ImageSignature& a, const ImageSignature& b);

// Whether some order and direction of b's axes makes the two correlate by 0.999 or more, with either sign.
bool AreCopies(const image::Volume& a, const image::Volume& b);

}  // namespace parotis::dataset
