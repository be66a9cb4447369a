// What must be known about a JPEG stream before it is decoded.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace parotis::dicom {

struct JpegFrame {
  int precision = 0;  // bits per sample
  int rows = 0;
  int columns = 0;
  int components = 0;
};

// The frame header (ITU-T T.81 B.2.2), found as the decoders find it; absent when the bytes are no JPEG stream.
// JPEG-LS's frame header (SOF55) counts as well.
std::optional<JpegFrame> ReadJpegFrame(std::span<const std::byte> bytes);

}  // namespace parotis::dicom
