// Images along each of the 48 ways to lay axes, straight and oblique, loaded as a user's study is; what is marked in
// them becomes a segmentation, in which our reader and others find it at the places from which the images were taken.
#include <gtest/gtest.h>

#include <set>

#include "dicom/segmentation.h"
#include "dicom/segmentation_writer.h"
#include "intake/load_case.h"
#include "intake/select_study.h"
#include "tests/results/other_readers.h"
#include "tests/support/derived_study.h"
#include "tests/support/geometries.h"
#include "tests/support/temporary_folder.h"

namespace parotis::results {
namespace {

namespace fs = std::filesystem;
using image::Geometry;

constexpr float kMarked = 2000;

// The acquisition's own axes, of either handedness: k counts the slices in the order in which they were taken.
Geometry AcquisitionGrid(const image::Matrix3& axes, const image::Matrix3& turn) {
  Geometry grid{{9, 7, 5}, {1.1, 0.9, 3.3}, {-31.25, 17.5, 42.125}, {}};
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) {
      grid.direction[r][c] = 0;
      for (int n = 0; n < 3; ++n) grid.direction[r][c] += turn[r][n] * axes[n][c];
    }
  }
  return grid;
}

// Along the axes of the body, and each orientation once more turned by a rotation of its own.
std::vector<Geometry> AcquisitionGrids() {
  const image::Matrix3 none = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  base::Random random(48);
  std::vector<Geometry> grids;
  for (const image::Matrix3& axes : test::AxisOrientations()) {
    grids.push_back(AcquisitionGrid(axes, none));
    grids.push_back(AcquisitionGrid(axes, test::RightHandedGeometry(random, 1).direction));
  }
  return grids;
}

// A third of the voxels, the same on every grid. No rotation and no reflection takes them to themselves.
image::Volume Marked(const Geometry& grid) {
  image::Volume volume(grid, 100);
  base::Random random(5);
  for (float& voxel : volume.voxels) voxel = random.Integer(3) == 0 ? kMarked : 100;
  return volume;
}

std::set<std::int64_t> MarkedVoxels(const image::Volume& volume) {
  std::set<std::int64_t> voxels;
  for (std::size_t v = 0; v < volume.voxels.size(); ++v) {
    if (volume.voxels[v] == kMarked) voxels.insert(static_cast<std::int64_t>(v));
  }
  return voxels;
}

dicom::SegmentDescription Lesion() {
  dicom::SegmentDescription segment;
  segment.label = "Lesion 1";
  segment.category = {"49755003", "SCT", "Morphologically Altered Structure"};
  segment.type = {"108369006", "SCT", "Neoplasm"};
  segment.tracking_id = "Lesion 1";
  segment.tracking_uid = dicom::UidFromName("lesion");
  segment.algorithm_name = "parotis";
  segment.algorithm_version = "1";
  return segment;
}

// Writes images, loads them, and writes what is bright in them as a segmentation to `object`.
void WriteMarked(const fs::path& object, const image::Volume& taken) {
  const test::TemporaryFolder folder;
  const auto images = test::WriteImages(folder.path(), taken);
  const dicom::Index index = dicom::IndexDicom(folder.path());
  const dataset::Case loaded = intake::LoadCase(intake::SelectStudy(index, "images"), {"T2"});
  image::LabelVolume map(loaded.grid);
  for (std::size_t v = 0; v < map.voxels.size(); ++v)
    map.voxels[v] = static_cast<std::uint8_t>(loaded.channels.at(0).voxels[v] == kMarked);
  dicom::WriteSegmentation(object, test::DerivedFrom(folder.path(), object.stem()), map, {Lesion()}, images);
}

// In the form in which other readers answer.
base::Json PointsOf(const fs::path& object) {
  const dicom::Segmentation read = dicom::ReadSegmentation(object);
  const image::LabelVolume mask = dicom::MaskOf(read, read.segments.at(0));
  base::Json points = base::Json::array();
  for (std::int64_t v = 0; v < mask.geometry.voxel_count(); ++v) {
    if (mask.voxels[static_cast<std::size_t>(v)] != 0) points.push_back(test::PlaceOf(mask.geometry, v));
  }
  return points;
}

// Every marked voxel and no other, each once.
void ExpectMarked(const base::Json& points_world_mm, const image::Volume& taken) {
  const std::set<std::int64_t> meant = MarkedVoxels(taken);
  std::set<std::int64_t> found;
  for (const base::Json& point : points_world_mm) found.insert(test::VoxelAt(taken.geometry, point));
  EXPECT_EQ(points_world_mm.size(), meant.size());
  EXPECT_TRUE(found == meant);
}

TEST(Orientation, WhatIsMarkedInImagesOfAny48OrientationsIsFoundInTheSegmentationAtItsPlace) {
  const test::TemporaryFolder folder;
  std::vector<image::Volume> taken;
  const auto object = [&](std::size_t n) { return folder.path() / (std::to_string(n) + ".dcm"); };
  for (const Geometry& grid : AcquisitionGrids()) {
    taken.push_back(Marked(grid));
    WriteMarked(object(taken.size() - 1), taken.back());
  }
  ASSERT_EQ(taken.size(), 96U);
  for (std::size_t n = 0; n < taken.size(); ++n) {
    SCOPED_TRACE("ours, " + std::to_string(n));
    ExpectMarked(PointsOf(object(n)), taken[n]);
  }
  for (const test::OtherReader& reader : {test::kHighdicom, test::kDcmjs}) {
    if (!IsThere(reader)) continue;
    const base::Json read = ReadWith(reader, folder.path());
    for (std::size_t n = 0; n < taken.size(); ++n) {
      SCOPED_TRACE(std::string(reader.name) + ", " + std::to_string(n));
      ExpectMarked(read[object(n).filename()]["segments"][0]["voxels_world_mm"], taken[n]);
    }
  }
}

}  // namespace
}  // namespace parotis::results
