#include "view/view_volumes.h"

#include <fmt/format.h>

#include <utility>

#include "dataset/case.h"
#include "image/nifti.h"
#include "view/channel_scale.h"

namespace parotis::view {

using base::Json;

std::string FileOf(const std::string& volume) { return volume + ".nii.gz"; }

Json WriteChannel(const std::filesystem::path& folder, std::size_t place, const std::string& name,
                  const image::Volume& volume, const image::Volume* by_header) {
  const auto [window, step, unit] = ScaleOf(name, volume);
  const std::string shown = fmt::format("channel-{}", place);
  image::WriteNiftiInSteps(folder / FileOf(shown), volume, step, image::Whole::kInt16);
  Json before = nullptr;
  if (by_header != nullptr && by_header->voxels != volume.voxels) {
    before = shown + "-before";
    image::WriteNiftiInSteps(folder / FileOf(shown + "-before"), *by_header, step, image::Whole::kInt16);
  }
  return {{"name", name},
          {"title", name},
          {"unit", unit},
          {"window", window},
          {"quantity", dataset::IsQuantity(name)},
          {"volume", shown},
          {"before", before},
          {"bytes", std::filesystem::file_size(folder / FileOf(shown))}};
}

Json ViewOf(const image::Geometry& grid, Json channels, const std::string& lesions, Json probability) {
  return {{"size", grid.size},
          {"spacing_mm", grid.spacing_mm},
          {"slice_axis", image::SliceAxis(grid.spacing_mm)},
          {"channels", std::move(channels)},
          {"lesions", lesions},
          {"probability", std::move(probability)}};
}

}  // namespace parotis::view
