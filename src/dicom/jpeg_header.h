// The one thing that must be known about a JPEG stream before it is decoded.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace parotis::dicom {

// Bits per sample from the frame header (ITU-T T.81 B.2.2); absent when the bytes are no JPEG stream. JPEG-LS's frame
// header (SOF55) counts as well.
std::optional<int> JpegPrecision(std::span<const std::byte> bytes);

}  // namespace parotis::dicom
