// dicom::IndexDicom, LoadVolumes and DicomJson on one file: any bytes are read or refused with a sentence; what was
// read has a sound grid, and is JSON. What begins like an archive is left to the target zip.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "dicom/archive.h"
#include "dicom/dicom_json.h"
#include "dicom/index.h"
#include "dicom/pixels.h"
#include "fuzz/memory_file.h"

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

void WriteAsJson(const std::string& path) {
  try {
    if (!nlohmann::json::accept(parotis::dicom::DicomJson(path, "x"))) std::abort();
  } catch (const parotis::base::Error& error) {
    if (error.kind() == parotis::base::ErrorKind::kInternal) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parotis;
  const std::string& path = fuzz::MemoryFile(data, size);
  if (dicom::LooksLikeArchive(path)) return 0;
  WriteAsJson(path);
  const dicom::Index index = dicom::IndexDicom(path);
  if (index.studies.size() + index.skipped.size() != 1) std::abort();
  for (const dicom::Study& study : index.studies) {
    for (const dicom::Series& series : study.series) LoadSmall(series);
  }
  return 0;
}
