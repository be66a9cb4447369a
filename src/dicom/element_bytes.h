// The bytes of an element, whatever its representation. Private to this folder.
#pragma once

#include <string>

class DcmElement;

namespace parotis::dicom {

// Of text as it stands, of UN, OB and OW as they lie in memory; "" for numbers and what cannot be read.
std::string BytesOf(DcmElement& element);

// OB, UN and what DCMTK does not know: bytes in which anything can be.
bool IsOpaque(const DcmElement& element);

}  // namespace parotis::dicom
