#include "intake/outlines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

#include "base/error.h"
#include "dicom/archive.h"
#include "dicom/header.h"
#include "dicom/rt_structure.h"
#include "dicom/segmentation.h"
#include "image/contours.h"
#include "image/nifti.h"
#include "image/nrrd.h"
#include "image/resample.h"

namespace parotis::intake {
namespace {

namespace fs = std::filesystem;
using image::Geometry;
using image::LabelVolume;

constexpr float kLargestLabel = 65535;

bool IsWithin(const Geometry& grid, const image::Vector3& point_world) {
  const image::Vector3 at = image::VoxelFromWorld(grid, point_world);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (!(at[axis] >= -0.5 && at[axis] <= static_cast<double>(grid.size[axis]) - 0.5)) return false;
  }
  return true;
}

// The part of the mask's voxels whose centres lie beyond `grid`.
double PartOutside(const LabelVolume& mask, const Geometry& grid, bool& empty) {
  std::int64_t all = 0;
  std::int64_t outside = 0;
  const auto& size = mask.geometry.size;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        if (mask.At(i, j, k) == 0) continue;
        const image::Vector3 world = image::WorldFromVoxel(
            mask.geometry, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        outside += IsWithin(grid, world) ? 0 : 1;
        ++all;
      }
    }
  }
  empty = all == 0;
  return empty ? 0 : static_cast<double>(outside) / static_cast<double>(all);
}

DrawnOutline DrawMask(const LabelVolume& mask, const Geometry& grid) {
  DrawnOutline drawn;
  drawn.part_outside = PartOutside(mask, grid, drawn.empty);
  drawn.mask = image::SameGrid(mask.geometry, grid) ? LabelVolume(grid) : image::ResampleLabels(mask, grid);
  if (image::SameGrid(mask.geometry, grid)) drawn.mask.voxels = mask.voxels;
  return drawn;
}

LabelVolume MaskOfValue(const image::Volume& volume, float value) {
  LabelVolume mask(volume.geometry);
  std::transform(volume.voxels.begin(), volume.voxels.end(), mask.voxels.begin(),
                 [&](float voxel) { return static_cast<std::uint8_t>(voxel == value ? 1 : 0); });
  return mask;
}

Outline OutlineOfValue(std::shared_ptr<const image::Volume> volume, float value, std::string name) {
  return {std::move(name), {}, std::nullopt, [volume, value](const Geometry& grid) {
            return DrawMask(MaskOfValue(*volume, value), grid);
          }};
}

// Every value but 0 is a structure, named by its number.
void AddLabelImage(image::Volume volume, OutlineFile& file) {
  const auto shared = std::make_shared<const image::Volume>(std::move(volume));
  std::set<float> values;
  for (const float value : shared->voxels) {
    if (value == 0 || value == (values.empty() ? 0 : *values.rbegin())) continue;
    if (!(value > 0 && value <= kLargestLabel && value == std::floor(value))) {
      base::Refuse(base::Found(
          "truth_unreadable", fmt::format("{} is no label image: it holds the value {:g}", file.path.string(), value)));
    }
    values.insert(value);
  }
  for (const float value : values) file.outlines.push_back(OutlineOfValue(shared, value, fmt::format("{:g}", value)));
}

void AddNrrd(OutlineFile& file) {
  image::Nrrd nrrd = image::ReadNrrd(file.path);
  if (nrrd.segments.empty()) {
    for (image::Volume& layer : nrrd.layers) AddLabelImage(std::move(layer), file);
    return;
  }
  std::vector<std::shared_ptr<const image::Volume>> layers;
  for (image::Volume& layer : nrrd.layers) layers.push_back(std::make_shared<const image::Volume>(std::move(layer)));
  for (const image::NrrdSegment& segment : nrrd.segments) {
    Outline outline = OutlineOfValue(layers[segment.layer], static_cast<float>(segment.value), segment.name);
    outline.codes = segment.codes;
    file.outlines.push_back(std::move(outline));
  }
}

void AddSegmentation(OutlineFile& file) {
  const auto shared = std::make_shared<const dicom::Segmentation>(dicom::ReadSegmentation(file.path));
  for (std::size_t s = 0; s < shared->segments.size(); ++s) {
    const dicom::Segment& segment = shared->segments[s];
    Outline outline;
    outline.name = segment.label.empty() ? std::to_string(segment.number) : segment.label;
    outline.codes = segment.codes;
    outline.frame_of_reference_uid = shared->object.frame_of_reference_uid;
    outline.draw = [shared, s](const Geometry& grid) {
      return DrawMask(dicom::MaskOf(*shared, shared->segments[s]), grid);
    };
    file.outlines.push_back(std::move(outline));
  }
}

DrawnOutline DrawRegion(const dicom::RegionOfInterest& region, const std::string& where, const Geometry& grid) {
  DrawnOutline drawn;
  drawn.mask = LabelVolume(grid);
  drawn.empty = region.contours.empty();
  if (drawn.empty) return drawn;
  std::vector<image::Polygon> polygons;
  std::int64_t points = 0;
  std::int64_t outside = 0;
  for (const dicom::Contour& contour : region.contours) {
    for (const image::Vector3& point : contour.points_world) {
      outside += IsWithin(grid, point) ? 0 : 1;
      ++points;
    }
    polygons.push_back(contour.points_world);
  }
  const auto stack = image::StackContours(polygons, region.contours.front().slab_thickness_mm);
  if (!stack) {
    base::Refuse(
        base::Found("contour_not_planar",
                    fmt::format("{}: the contours of \"{}\" do not lie in parallel planes", where, region.name)));
  }
  drawn.part_outside = static_cast<double>(outside) / static_cast<double>(points);
  drawn.mask = image::FillContours(*stack, grid);
  return drawn;
}

void AddStructureSet(OutlineFile& file) {
  const auto shared = std::make_shared<const dicom::StructureSet>(dicom::ReadStructureSet(file.path));
  file.findings = shared->findings;
  for (std::size_t r = 0; r < shared->regions.size(); ++r) {
    const dicom::RegionOfInterest& region = shared->regions[r];
    Outline outline;
    outline.name = region.name;
    outline.codes = region.codes;
    outline.frame_of_reference_uid = region.frame_of_reference_uid;
    outline.draw = [shared, r](const Geometry& grid) {
      return DrawRegion(shared->regions[r], shared->object.path.string(), grid);
    };
    file.outlines.push_back(std::move(outline));
  }
}

void AddDicom(OutlineFile& file) {
  const dicom::ReadableFile readable(file.path);
  const auto header = dicom::LooksLikeDicom(readable.path()) ? dicom::ReadHeader(readable) : std::nullopt;
  const std::string sop_class = header ? header->file.sop_class_uid : "";
  if (dicom::IsSegmentation(sop_class)) return AddSegmentation(file);
  if (dicom::IsStructureSet(sop_class)) return AddStructureSet(file);
  base::Refuse(base::Found("truth_unreadable", fmt::format("{} holds no outlines: it is neither NIfTI, NRRD, DICOM "
                                                           "SEG nor an RT structure set",
                                                           file.path.string())));
}

}  // namespace

OutlineFile ReadOutlines(const fs::path& path) {
  OutlineFile file;
  file.path = path;
  const std::string name = path.filename().string();
  try {
    if (name.ends_with(".nii") || name.ends_with(".nii.gz")) {
      AddLabelImage(image::ReadNifti(path), file);
    } else if (name.ends_with(".nrrd") || name.ends_with(".nhdr")) {
      AddNrrd(file);
    } else {
      AddDicom(file);
    }
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::kInput || !error.code().empty()) throw;
    base::Refuse(base::Found("truth_unreadable", error.message()));
  }
  return file;
}

}  // namespace parotis::intake
