// The attributes of segmentations and structure sets (PS3.3 A.51, A.86 and A.19), by tag; see dicom/tags.h.
#pragma once

#include "dicom/tags.h"

namespace parotis::dicom::tag {

inline constexpr Tag kCodingScheme{0x0008, 0x0102, "SH"};
inline constexpr Tag kReferencedSeriesSequence{0x0008, 0x1115, "SQ"};
inline constexpr Tag kSegmentationType{0x0062, 0x0001, "CS"};
inline constexpr Tag kSegmentSequence{0x0062, 0x0002, "SQ"};
inline constexpr Tag kSegmentNumber{0x0062, 0x0004, "US"};
inline constexpr Tag kSegmentLabel{0x0062, 0x0005, "LO"};
inline constexpr Tag kSegmentIdentificationSequence{0x0062, 0x000a, "SQ"};
inline constexpr Tag kReferencedSegmentNumber{0x0062, 0x000b, "US"};
inline constexpr Tag kMaximumFractionalValue{0x0062, 0x000e, "US"};
inline constexpr Tag kSegmentedPropertyTypeSequence{0x0062, 0x000f, "SQ"};
inline constexpr Tag kSegmentedPropertyTypeModifierSequence{0x0062, 0x0011, "SQ"};
inline constexpr Tag kReferencedFrameOfReferenceSequence{0x3006, 0x0010, "SQ"};
inline constexpr Tag kRtReferencedStudySequence{0x3006, 0x0012, "SQ"};
inline constexpr Tag kRtReferencedSeriesSequence{0x3006, 0x0014, "SQ"};
inline constexpr Tag kStructureSetRoiSequence{0x3006, 0x0020, "SQ"};
inline constexpr Tag kRoiNumber{0x3006, 0x0022, "IS"};
inline constexpr Tag kReferencedFrameOfReferenceUid{0x3006, 0x0024, "UI"};
inline constexpr Tag kRoiName{0x3006, 0x0026, "LO"};
inline constexpr Tag kRoiContourSequence{0x3006, 0x0039, "SQ"};
inline constexpr Tag kContourSequence{0x3006, 0x0040, "SQ"};
inline constexpr Tag kContourGeometricType{0x3006, 0x0042, "CS"};
inline constexpr Tag kContourSlabThickness{0x3006, 0x0044, "DS"};
inline constexpr Tag kContourData{0x3006, 0x0050, "DS"};
inline constexpr Tag kRoiObservationsSequence{0x3006, 0x0080, "SQ"};
inline constexpr Tag kReferencedRoiNumber{0x3006, 0x0084, "IS"};
inline constexpr Tag kRoiIdentificationCodeSequence{0x3006, 0x0086, "SQ"};

}  // namespace parotis::dicom::tag
