// image::ParseNifti: any bytes, packed or not, are read or refused with an Error; what was read has a sound grid.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "base/error.h"
#include "image/nifti.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parotis;
  try {
    for (const image::Volume& volume : image::ParseNifti(std::as_bytes(std::span(data, size)), "input")) {
      image::CheckGeometry(volume.geometry, "input");
      if (volume.voxels.size() != static_cast<std::size_t>(volume.geometry.voxel_count())) std::abort();
    }
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::kInternal) std::abort();
  }
  return 0;
}
