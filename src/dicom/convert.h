// One series as NIfTI, all volumes, with b-values and gradient directions as FSL reads them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dicom/index.h"

namespace parotis::dicom {

// The series with this number or UID; with "" the only one that holds images. Throws kUsage listing the series when
// there is not exactly one.
const Series& SelectSeries(const Index& index, const std::string& number_or_uid, const std::string& folder);

struct Converted {
  std::size_t volumes = 0;
  std::vector<std::filesystem::path> files;  // the image first
};

// Writes `output` (.nii or .nii.gz; 3-D for one volume, 4-D for several), .bval beside it when any volume has a b-value
// (0 for those that have none), .bvec when every weighted volume has a direction in the patient's frame or none has.
// Directions are in FSL's frame: along the image's axes, x turned over when the axes are right-handed. Throws
// kInput when volumes are no regular grids or lie on different ones.
Converted ConvertSeries(const Series& series, const std::filesystem::path& output);

enum class Colours {
  kShown,   // palettes applied, luminance and chrominance turned into RGB
  kStored,  // as the decoder leaves them: palette indices, luminance and chrominance
};

// Writes the pixels of one DICOM file as they are, without rescaling and without a place in the world, frames along the
// third axis (image/nifti_plain.h). Throws kInput, and kRefused with pixels_missing or pixels_undecodable.
void ConvertPixels(const std::filesystem::path& file, const std::filesystem::path& output, Colours colours);

// The unit vector of a gradient given in LPS, in FSL's frame of an image on `grid`.
image::Vector3 FslDirection(const image::Vector3& gradient_world, const image::Geometry& grid);

}  // namespace parotis::dicom
