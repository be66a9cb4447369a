// Opens a DICOM file with DCMTK, and also one whose dataset is written with implicit value representations although its
// header names an explicit transfer syntax, as all compressed ones are (PS3.5 A.4).
#pragma once

#include <optional>
#include <string>

#include "dicom/archive.h"

class DcmFileFormat;

namespace parotis::dicom {

enum class Extent {
  kHeader,  // up to the pixel data; long values stay in the file until somebody asks for them
  kWhole,
};

// The reason why it cannot be read; absent when it was. `file` refers to `readable` afterwards. Throws kRefused
// (file_unsafe) for a file that was made to exhaust its reader: dicom/guarded_stream.h.
std::optional<std::string> Load(DcmFileFormat& file, const ReadableFile& readable, Extent extent);

}  // namespace parotis::dicom
