// Reading and checking the single files of a case; each call throws base::Error with a sentence that names the file and
// the remedy. Private to this folder: loading stops at the first, verifying collects them all.
#pragma once

#include <filesystem>

#include "image/volume.h"

namespace parotis::dataset {

image::Volume ReadChannel(const std::filesystem::path& file);  // kInput when a voxel is no finite number
void CheckFinite(const image::Volume& volume, const std::filesystem::path& file);
// Voxels that no scanner makes: finer than 0.05 mm, coarser than 20 mm, or an image larger than 1 m.
void CheckSpacing(const image::Geometry& grid, const std::filesystem::path& file);
image::LabelVolume ReadTruth(const std::filesystem::path& file);
void CheckSameGrid(const image::Geometry& grid, const std::filesystem::path& file, const image::Geometry& reference,
                   const std::filesystem::path& reference_file);
void CheckLabelValues(const image::LabelVolume& truth, const std::filesystem::path& file, std::size_t label_count);

}  // namespace parotis::dataset
