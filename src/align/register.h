// The rigid or affine motion between two images of one head in different contrasts, by maximising their mutual
// information from coarse to fine.
#pragma once

#include <cstdint>

#include "image/volume.h"
#include "image/warp.h"

namespace parotis::align {

enum class Motion { kRigid, kAffine };

// From the reference's world to the moving image's, starting at the identity. A best guess, not judged: align/align.h
// does that. Deterministic in images and seed, whatever the number of threads. The identity when an image is empty.
image::AffineMap Register(const image::Volume& reference, const image::Volume& moving, Motion motion,
                          std::uint64_t seed);

}  // namespace parotis::align
