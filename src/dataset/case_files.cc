#include "dataset/case_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "image/nifti.h"

namespace parotis::dataset {

using base::ErrorKind;
using base::Throw;

namespace {

constexpr double kFinestSpacing_mm = 0.05;
constexpr double kCoarsestSpacing_mm = 20;
constexpr double kLargestExtent_mm = 1000;

}  // namespace

void CheckFinite(const image::Volume& volume, const std::filesystem::path& file) {
  const auto is_finite = [](float value) { return std::isfinite(value); };
  const auto finite = std::count_if(volume.voxels.begin(), volume.voxels.end(), is_finite);
  if (const auto bad = static_cast<std::int64_t>(volume.voxels.size()) - finite; bad > 0) {
    Throw(ErrorKind::kInput,
          fmt::format("{} holds {} voxels that are no finite number; replace them or leave the case out", file.string(),
                      bad));
  }
}

image::Volume ReadChannel(const std::filesystem::path& file) {
  image::Volume volume = image::ReadNifti(file);
  CheckFinite(volume, file);
  return volume;
}

void CheckSpacing(const image::Geometry& grid, const std::filesystem::path& file) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double spacing_mm = grid.spacing_mm[axis];
    const double extent_mm = spacing_mm * static_cast<double>(grid.size[axis]);
    if (spacing_mm >= kFinestSpacing_mm && spacing_mm <= kCoarsestSpacing_mm && extent_mm <= kLargestExtent_mm)
      continue;
    Throw(
        ErrorKind::kInput,
        fmt::format("{} has {} voxels of {:g} mm along axis {}, which no scanner makes; check the unit of its spacing",
                    file.string(), grid.size[axis], spacing_mm, axis));
  }
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
