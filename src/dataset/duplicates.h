// Images that are one another after turning over, reordering of axes, or another scale of intensities: copies that a
// checksum does not find. Private to this folder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "image/volume.h"

namespace parotis::dataset {

// What such a change leaves as it is, and a small picture to compare before files are read again.
struct ImageSignature {
  std::array<std::int64_t, 3> sorted_size = {0, 0, 0};
  double skewness = 0;
  double kurtosis = 0;
  // The standardised image's coefficients on blocks of voxels, at most 8 along each axis, x fastest. Blocks lie alike
  // from both ends, so that turning the image over turns the picture over.
  std::array<std::int64_t, 3> picture_size = {0, 0, 0};
  std::vector<float> picture;
};

ImageSignature SignatureOf(const image::Volume& volume);

// Pairs (a, b), a < b, of signatures that are worth a comparison: moments equal up to what rounding to whole numbers
// may change, and pictures as near as those of two images that correlate by 0.999 must be. Sorted by b, then a. Takes
// the time of sorting and of the pairs of equal size and skewness.
std::vector<std::pair<std::size_t, std::size_t>> PossibleCopies(const std::vector<const ImageSignature*>& signatures);

// Whether some order and direction of b's axes makes the two correlate by 0.999 or more, with either sign.
bool AreCopies(const image::Volume& a, const image::Volume& b);

}  // namespace parotis::dataset
