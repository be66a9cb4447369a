// Writes Enhanced MR Image Storage objects (PS3.3 A.36): all images of a series that share a grid in one object, what
// they share in the shared functional groups, what differs in those of each frame, diffusion weighting in the MR
// Diffusion macro, time in the frame content. Valid for dciodvfy; identical input gives identical bytes.
#pragma once

#include <filesystem>
#include <vector>

#include "dicom/mr_writer.h"

namespace parotis::dicom {

// Of the first, or only, object of a series.
std::string EnhancedObjectUid(const std::string& series_uid, int number = 1);

// `folder`/IM0001.dcm, and one object more for every further grid (a localizer's planes). Volumes need four values of
// image type. Throws kInternal when a value cannot be stored, kIo when a file cannot be written.
void WriteEnhancedMrSeries(const std::filesystem::path& folder, const MrStudy& study, const MrSeries& series,
                           const std::vector<MrVolume>& volumes);

}  // namespace parotis::dicom
