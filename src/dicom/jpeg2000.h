// One JPEG 2000 codestream (or JP2 file) in memory. The bytes are untrusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace parotis::dicom {

struct Jpeg2000Size {
  int columns = 0;
  int rows = 0;
  int components = 1;
};

struct Jpeg2000Image {
  int bits = 0;
  bool is_signed = false;
  bool is_rgb = false;               // the codestream's own component transformation was undone
  std::vector<std::int32_t> values;  // [components, rows, columns]
};

// Throws kRefused (pixels_undecodable), naming `name`, when it cannot be decoded or is not of the `expected` size,
// which is checked before anything is allocated for it.
Jpeg2000Image DecodeJpeg2000(std::span<const std::byte> bytes, const Jpeg2000Size& expected, const std::string& name);

}  // namespace parotis::dicom
