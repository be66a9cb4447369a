// image::ParseNrrd: any bytes are read or refused with an Error; what was read has a sound grid and sound segments.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "base/error.h"
#include "image/nrrd.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parotis;
  try {
    const image::Nrrd nrrd = image::ParseNrrd(std::as_bytes(std::span(data, size)), "input");
    for (const image::Volume& volume : nrrd.layers) {
      image::CheckGeometry(volume.geometry, "input");
      if (volume.voxels.size() != static_cast<std::size_t>(volume.geometry.voxel_count())) std::abort();
    }
    for (const image::NrrdSegment& segment : nrrd.segments) {
      if (segment.layer >= nrrd.layers.size() || segment.value < 1) std::abort();
    }
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::kInternal) std::abort();
  }
  return 0;
}
