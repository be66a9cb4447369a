// Where the patient is in an image, and where there is only air. Used to crop and to take statistics; never to decide
// about tissue. Errs on the side of keeping: what is bright on any channel is body, and where no air can be told apart
// (a crop from within the body, a constant image) everything is.
#pragma once

#include "dataset/case.h"
#include "image/volume.h"

namespace parotis::dataset {

// True inside the patient on this image: means over blocks of about 4 mm that stand out from the noise of air,
// components of at least a twentieth of the largest, holes closed per slice, so that suppressed fat within the skin's
// outline counts. All true when no air can be told from tissue.
image::LabelVolume BodyMask(const image::Volume& volume);

// The union over all channels but maps with a unit (IsQuantity), whose value in air means nothing; over those when
// there is no other.
image::LabelVolume BodyMask(const dataset::Case& examination);

}  // namespace parotis::dataset
