#include "results/self_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "dicom/colour_capture.h"
#include "dicom/encapsulated_pdf.h"
#include "dicom/index.h"
#include "dicom/segmentation.h"

namespace parotis::results {
namespace {

namespace fs = std::filesystem;

constexpr double kSamePlace_mm = 1e-2;      // positions are decimal strings
constexpr double kRoundingOfFloats = 1e-3;  // of a step

[[noreturn]] void Differs(const fs::path& path, const std::string& what) {
  base::Throw(base::ErrorKind::kInternal,
              fmt::format("{} reads otherwise than it was meant: {}; nothing of this analysis leaves, please report it",
                          path.filename().string(), what));
}

// The slice of `grid` in which slice `slice` of the segmentation lies; throws unless the two planes are the same.
std::int64_t SliceIn(const image::Geometry& grid, const image::Geometry& own, std::int64_t slice,
                     const fs::path& path) {
  const auto last_row = static_cast<double>(own.size[1] - 1), last_column = static_cast<double>(own.size[0] - 1);
  const auto k = static_cast<double>(slice);
  const image::Vector3 first = image::VoxelFromWorld(grid, image::WorldFromVoxel(own, {0, 0, k}));
  const double found = std::round(first[2]);
  for (const image::Vector3& corner : {image::Vector3{0, 0, k}, image::Vector3{last_column, 0, k},
                                       image::Vector3{0, last_row, k}, image::Vector3{last_column, last_row, k}}) {
    const image::Vector3 is = image::WorldFromVoxel(own, corner);
    const image::Vector3 should = image::WorldFromVoxel(grid, {corner[0], corner[1], found});
    const double distance = image::Norm({is[0] - should[0], is[1] - should[1], is[2] - should[2]});
    if (distance > kSamePlace_mm) Differs(path, fmt::format("a frame lies {:.3f} mm from where it belongs", distance));
  }
  return static_cast<std::int64_t>(found);
}

void CheckSegment(const fs::path& path, const dicom::Segmentation& read, std::size_t s, const image::LabelVolume& map) {
  const image::LabelVolume mask = dicom::MaskOf(read, read.segments[s]);
  const auto plane = static_cast<std::ptrdiff_t>(map.geometry.size[0] * map.geometry.size[1]);
  const auto value = static_cast<std::uint8_t>(s + 1);
  std::int64_t voxels = 0;
  for (std::int64_t k = 0; k < mask.geometry.size[2]; ++k) {
    const auto own = mask.voxels.begin() + plane * k;
    if (std::none_of(own, own + plane, [](std::uint8_t inside) { return inside != 0; })) continue;
    const std::int64_t slice = SliceIn(map.geometry, mask.geometry, k, path);
    if (slice < 0 || slice >= map.geometry.size[2]) Differs(path, "a frame lies outside the images");
    const auto meant = map.voxels.begin() + plane * slice;
    const bool same = std::equal(own, own + plane, meant, [&](std::uint8_t inside, std::uint8_t label) {
      return (inside != 0) == (label == value);
    });
    if (!same) Differs(path, fmt::format("segment {} has another outline in slice {}", value, slice));
    voxels += std::count(own, own + plane, std::uint8_t{1});
  }
  if (voxels != std::count(map.voxels.begin(), map.voxels.end(), value))
    Differs(path, fmt::format("segment {} lacks slices", value));
}

}  // namespace

void CheckIdentity(const fs::path& path, const dicom::Study& study, const std::string& instance_uid,
                   const std::string& sop_class_uid) {
  const dicom::Index index = dicom::IndexDicom(path);
  if (index.studies.size() != 1 || index.studies[0].series.size() != 1 || index.studies[0].series[0].files.size() != 1)
    Differs(path, "it holds no object, or several");
  const dicom::Study& read = index.studies[0];
  if (read.uid != study.uid) Differs(path, "it lies in another study");
  if (!(read.patient == study.patient)) Differs(path, "it is of another patient");
  const dicom::FileReference& file = read.series[0].files[0];
  if (file.sop_instance_uid != instance_uid || file.sop_class_uid != sop_class_uid)
    Differs(path, "it is another object");
}

void CheckSegmentation(const fs::path& path, const image::LabelVolume& map,
                       const std::vector<dicom::SegmentDescription>& segments) {
  const dicom::Segmentation read = dicom::ReadSegmentation(path);
  if (read.segments.size() != segments.size())
    Differs(path, fmt::format("{} segments of {}", read.segments.size(), segments.size()));
  if (read.geometry.size[0] != map.geometry.size[0] || read.geometry.size[1] != map.geometry.size[1])
    Differs(path, "its frames have another size");
  for (std::size_t s = 0; s < segments.size(); ++s) {
    if (read.segments[s].number != static_cast<int>(s + 1) || read.segments[s].label != segments[s].label)
      Differs(path, fmt::format("segment {} is called otherwise", s + 1));
    CheckSegment(path, read, s, map);
  }
}

void CheckReport(const fs::path& path, const dicom::MeasurementReport& meant) {
  const dicom::MeasurementReport read = dicom::ReadMeasurementReport(path);
  if (read == meant) return;
  if (read.groups.size() != meant.groups.size()) Differs(path, "it has another number of findings");
  for (std::size_t g = 0; g < meant.groups.size(); ++g) {
    if (!(read.groups[g] == meant.groups[g])) Differs(path, "what it says of " + meant.groups[g].tracking_id);
  }
  Differs(path, "what it says of the study");
}

void CheckMap(const fs::path& path, const image::Volume& map, const dicom::MappedQuantity& quantity) {
  const dicom::ParametricMap read = dicom::ReadParametricMap(path);
  if (!(read.unit == quantity.unit) || !(read.quantity == quantity.quantity)) Differs(path, "it maps something else");
  if (!image::SameGrid(read.values.geometry, map.geometry, kSamePlace_mm)) Differs(path, "it lies elsewhere");
  const double largest = 65535 * quantity.step, tolerance = (0.5 + kRoundingOfFloats) * quantity.step;
  for (std::size_t v = 0; v < map.voxels.size(); ++v) {
    const double meant = std::clamp(static_cast<double>(map.voxels[v]), 0.0, largest);
    const double float_rounding = 1e-6 * meant;
    if (!(std::abs(read.values.voxels[v] - meant) <= tolerance + float_rounding))
      Differs(path, fmt::format("{} became {}", meant, read.values.voxels[v]));
  }
}

void CheckPage(const fs::path& path, const std::string& pdf) {
  if (dicom::ReadEncapsulatedPdf(path) != pdf) Differs(path, "the document");
}

void CheckPicture(const fs::path& path, const image::Picture& picture) {
  const image::Picture read = dicom::ReadColourCapture(path);
  if (read.width != picture.width || read.height != picture.height || read.rgb != picture.rgb)
    Differs(path, "the picture");
}

}  // namespace parotis::results
