// Which of the images of a Dixon acquisition a volume is (Dixon, Radiology 153:189, 1984).
#pragma once

#include "dicom/series.h"

namespace parotis::intake {

enum class DixonPart { kNone, kWater, kFat, kInPhase, kOpposedPhase, kFatFraction };

const char* NameOf(DixonPart part);  // "the water image", …; "" for kNone

// By the volume's image type (the vendors' own values), else by words of the description: in a series that says it is a
// Dixon one, or at the very front, where GE puts them ("WATER: Ax T1").
DixonPart DixonPartOf(const dicom::Series& series, const dicom::SeriesVolume& volume);

}  // namespace parotis::intake
