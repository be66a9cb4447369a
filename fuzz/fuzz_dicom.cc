// dicom::IndexDicom and LoadVolumes on one file: any bytes are read or refused with a sentence; what was read has a
// sound grid. The file lies in memory: DCMTK trusts a file's size, and would allocate what a buffer only claims.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "dicom/index.h"
#include "dicom/pixels.h"

namespace {

constexpr std::int64_t kMostVoxels = 1 << 20;

void LoadSmall(const parotis::dicom::Series& series) {
  using namespace parotis;
  for (std::size_t v = 0; v < series.volumes.size() && v < 8; ++v) {
    if (series.volumes[v].geometry.voxel_count() > kMostVoxels) continue;
    try {
      image::CheckGeometry(dicom::LoadVolume(series, v).geometry, "input");
    } catch (const base::Error& error) {
      if (error.kind() == base::ErrorKind::kInternal) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parotis;
  static const int descriptor = memfd_create("input", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
  const dicom::Index index = dicom::IndexDicom(path);
  if (index.studies.size() + index.skipped.size() != 1) std::abort();
  for (const dicom::Study& study : index.studies) {
    for (const dicom::Series& series : study.series) LoadSmall(series);
  }
  return 0;
}
