// Writes a DICOM file whole or not at all. DCMTK's own saveFile does not notice a disk that is full when the last bytes
// are written. Private to this folder.
#pragma once

#include <string>

class DcmFileFormat;

namespace parotis::base {
class AtomicFile;
}

namespace parotis::dicom {

// Into `output`, which is not committed; in the transfer syntax of this UID. Throws kIo when the system cannot write,
// kInternal when DCMTK cannot encode.
void SaveFile(DcmFileFormat& file, const std::string& transfer_syntax_uid, base::AtomicFile& output);

}  // namespace parotis::dicom
