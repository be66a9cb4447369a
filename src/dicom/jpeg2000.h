// One JPEG 2000 codestream (or JP2 file) in memory. The bytes are untrusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace parotis::dicom {

struct Jpeg2000Image {
  int columns = 0;
  int rows = 0;
  int bits = 0;
  bool is_signed = false;
  std::vector<std::int32_t> values;
};

// Throws kInput, naming `name`, when it cannot be decoded, has more than one component, or is not `columns` × `rows`:
// the size is checked before anything is allocated for it.
Jpeg2000Image DecodeJpeg2000(std::span<const std::byte> bytes, int columns, int rows, const std::string& name);

}  // namespace parotis::dicom
