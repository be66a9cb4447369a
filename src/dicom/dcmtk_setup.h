// Everything DCMTK needs once per process. Every entry point of this module calls SetUpDcmtk; it is cheap after the
// first time.
#pragma once

#include <string>

namespace parotis::dicom {

// Silences DCMTK's own log (errors reach the user as our sentences) and registers the RLE, JPEG and JPEG-LS decoders.
// Thread-safe.
void SetUpDcmtk();

// "3.6.7", for --version and doctor.
std::string DcmtkVersion();
std::string OpenJpegVersion();

}  // namespace parotis::dicom
