// dicom::ReadSegmentation and ReadStructureSet on one file: any bytes are read or refused with a sentence; every run of
// voxels lies on the grid.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "dicom/rt_structure.h"
#include "dicom/segmentation.h"
#include "fuzz/memory_file.h"

namespace {

using namespace parotis;

constexpr std::int64_t kMostVoxels = 1 << 20;

void Segmentation(const std::string& path) {
  const dicom::Segmentation segmentation = dicom::ReadSegmentation(path);
  image::CheckGeometry(segmentation.geometry, "input");
  const std::int64_t voxels = segmentation.geometry.voxel_count();
  for (const dicom::Segment& segment : segmentation.segments) {
    for (const dicom::VoxelRun& run : segment.runs) {
      if (std::int64_t{run.first} + run.count > voxels) std::abort();
    }
    if (voxels <= kMostVoxels) dicom::MaskOf(segmentation, segment);
  }
}

void StructureSet(const std::string& path) {
  for (const dicom::RegionOfInterest& region : dicom::ReadStructureSet(path).regions) {
    for (const dicom::Contour& contour : region.contours) {
      if (contour.points_world.size() < 3) std::abort();
    }
  }
}

template <class Read>
void Refusable(const Read& read, const std::string& path) {
  try {
    read(path);
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::kInternal) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string& path = fuzz::MemoryFile(data, size);
  Refusable(Segmentation, path);
  Refusable(StructureSet, path);
  return 0;
}
