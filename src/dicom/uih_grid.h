// The positions of the slices of a United Imaging grid: (0065,xx51), a sequence with one ImagePositionPatient per
// slice, also where an archive turned the sequence into opaque bytes (UN: implicit little endian, PS3.5 6.2.2).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "dicom/frame_items.h"
#include "image/geometry.h"

namespace parotis::dicom {

// One entry per item, absent where it has no position; empty when there is no such sequence or its bytes break off.
std::vector<std::optional<image::Vector3>> UihSlicePositions(DcmItem& dataset);

// The same from the sequence's bytes. They are untrusted.
std::vector<std::optional<image::Vector3>> ParseUihSlicePositions(std::span<const std::byte> bytes);

}  // namespace parotis::dicom
