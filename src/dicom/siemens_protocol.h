// The measurement protocol that Siemens scanners keep as text in their private attributes: lines "key = value" between
// "### ASCCONV BEGIN" and "### ASCCONV END". The bytes are untrusted.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dicom/frame_items.h"
#include "image/geometry.h"

namespace parotis::dicom {

using SiemensProtocol = std::map<std::string, std::string>;

// Empty when there is no such text; keys as written, values without quotes.
SiemensProtocol ParseSiemensProtocol(std::string_view bytes);
// From the CSA series header (0029,xx20), else from (0021,xx19) of syngo MR XA.
SiemensProtocol ReadSiemensProtocol(const FrameItems& items);

// Centres of the slices in LPS in the protocol's order (sSliceArray.asSlice[n].sPosition; components that are 0 are not
// written). Empty when the protocol names no slices.
std::vector<image::Vector3> ProtocolSliceCentres(const SiemensProtocol& protocol);

}  // namespace parotis::dicom
