#include "dataset/case_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "image/nifti.h"

namespace parotis::dataset {

using base::ErrorKind;
using base::Throw;

image::Volume ReadChannel(const std::filesystem::path& file) {
  image::Volume volume = image::ReadNifti(file);
  const auto is_finite = [](float value) { return std::isfinite(value); };
  const auto finite = std::count_if(volume.voxels.begin(), volume.voxels.end(), is_finite);
  if (const auto bad = static_cast<std::int64_t>(volume.voxels.size()) - finite; bad > 0) {
    Throw(ErrorKind::kInput,
          fmt::format("{} holds {} voxels that are no finite number; replace them or leave the case out", file.string(),
                      bad));
  }
  return volume;
}

image::LabelVolume ReadTruth(const std::filesystem::path& file) { return image::ReadNiftiLabels(file); }

void CheckSameGrid(const image::Geometry& grid, const std::filesystem::path& file, const image::Geometry& reference,
                   const std::filesystem::path& reference_file) {
  if (image::SameGrid(grid, reference)) return;
  Throw(ErrorKind::kInput, fmt::format("{} and {} are not on one grid; resample one of them to the other",
                                       file.string(), reference_file.string()));
}

void CheckLabelValues(const image::LabelVolume& truth, const std::filesystem::path& file, std::size_t label_count) {
  const std::uint8_t largest = truth.voxels.empty() ? 0 : *std::max_element(truth.voxels.begin(), truth.voxels.end());
  if (largest < label_count) return;
  Throw(ErrorKind::kInput,
        fmt::format("{} holds the label {}, but dataset.json ends at {}; name the label or correct the mask",
                    file.string(), largest, label_count - 1));
}

}  // namespace parotis::dataset
