// Writes a Secondary Capture Image (PS3.3 A.8): a picture of a screen, as a workstation saves one into the study.
#pragma once

#include <filesystem>

#include "dicom/mr_writer.h"

namespace parotis::dicom {

// The first slice of `picture` as `folder`/IM0001.dcm. Of `series` the identifiers, times and descriptions are written,
// nothing about an acquisition.
void WriteSecondaryCapture(const std::filesystem::path& folder, const MrStudy& study, const MrSeries& series,
                           const MrVolume& picture);

}  // namespace parotis::dicom
