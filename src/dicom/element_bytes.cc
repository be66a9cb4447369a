#include "dicom/element_bytes.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

namespace parotis::dicom {

std::string BytesOf(DcmElement& element) {
  switch (element.ident()) {
    case EVR_UN:
    case EVR_OB:
    case EVR_UNKNOWN:
    case EVR_UNKNOWN2B: {
      Uint8* bytes = nullptr;
      if (element.getUint8Array(bytes).bad() || bytes == nullptr) return {};
      return {reinterpret_cast<const char*>(bytes), element.getLength()};
    }
    case EVR_OW: {
      Uint16* words = nullptr;
      if (element.getUint16Array(words).bad() || words == nullptr) return {};
      return {reinterpret_cast<const char*>(words), element.getLength()};
    }
    default: {
      char* text = nullptr;
      Uint32 length = 0;
      if (element.getString(text, length).bad() || text == nullptr) return {};
      return {text, length};
    }
  }
}

bool IsOpaque(const DcmElement& element) {
  const DcmEVR vr = element.ident();
  return vr == EVR_UN || vr == EVR_OB || vr == EVR_UNKNOWN || vr == EVR_UNKNOWN2B;
}

}  // namespace parotis::dicom
