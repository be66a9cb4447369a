// Distances between the surfaces of two masks, in millimetres. Surface voxels count equally, whatever their area.
#pragma once

#include <cstdint>

#include "image/volume.h"

namespace parotis::evaluate {

inline constexpr double kSurfaceTolerance_mm = 2;

struct SurfaceAgreement {
  double nsd = 0;  // normalised surface Dice: share of both surfaces within the tolerance of the other (Nikolov 2021)
  double hd95_mm = 0;  // the larger of both directions' 95th percentile distances
};

// Of label `label` in both maps (0: any foreground). Both empty: undefined. One empty: NSD 0 and HD95 undefined. The
// maps lie on one grid (OverlapPerLabel checks it).
SurfaceAgreement CompareSurfaces(const image::LabelVolume& reference, const image::LabelVolume& prediction,
                                 std::uint8_t label, double tolerance_mm = kSurfaceTolerance_mm);

}  // namespace parotis::evaluate
