#include "dicom/mr_writer.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "base/files.h"
#include "dicom/index.h"
#include "dicom/pixels.h"
#include "tests/support/mr_study.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

using test::SomeStudy;

MrSeries SomeSeries() {
  MrSeries series;
  series.uid = UidFromName("series");
  series.description = "AX T2";
  series.repetition_time_ms = 4123;
  series.echo_time_ms = 88.5;
  series.slice_thickness_mm = 3.5;
  return series;
}

// Every voxel another value; unequal sizes and spacings, tilted by 30 degrees about x.
MrVolume SomeVolume() {
  image::Geometry grid;
  grid.size = {5, 4, 3};
  grid.spacing_mm = {0.8, 0.9, 4};
  grid.origin_world = {-12.25, 7.5, 31.125};
  const double c = std::sqrt(3.0) / 2, s = 0.5;
  grid.direction = {{{1, 0, 0}, {0, c, -s}, {0, s, c}}};
  MrVolume volume;
  volume.image = image::Volume(grid);
  for (std::size_t v = 0; v < volume.image.voxels.size(); ++v) volume.image.voxels[v] = static_cast<float>(7 * v);
  return volume;
}

TEST(MrWriter, WhatIsWrittenReadsBackAtTheSamePlace) {
  const test::TemporaryFolder folder;
  const MrVolume volume = SomeVolume();
  WriteMrSeries(folder.path(), SomeStudy(), SomeSeries(), {volume});
  const Index index = IndexDicom(folder.path());
  ASSERT_TRUE(index.skipped.empty());
  const Series& series = index.studies.at(0).series.at(0);
  ASSERT_EQ(series.volumes.size(), 1U);
  const image::Volume read = LoadVolume(series, 0);
  EXPECT_TRUE(SameGrid(read.geometry, volume.image.geometry, 1e-6));
  EXPECT_EQ(read.voxels, volume.image.voxels);
}

TEST(MrWriter, PositionOrientationAndSpacingAreAsTheStandardOrdersThem) {
  const test::TemporaryFolder folder;
  WriteMrSeries(folder.path(), SomeStudy(), SomeSeries(), {SomeVolume()});
  DcmFileFormat file;
  ASSERT_TRUE(file.loadFile((folder.path() / "IM0003.dcm").c_str()).good());
  DcmDataset& item = *file.getDataset();
  const auto number = [&](const DcmTagKey& tag, unsigned long at) {
    Float64 value = 0;
    EXPECT_TRUE(item.findAndGetFloat64(tag, value, at).good());
    return value;
  };
  // Row spacing (down the columns) first.
  EXPECT_NEAR(number(DCM_PixelSpacing, 0), 0.9, 1e-9);
  EXPECT_NEAR(number(DCM_PixelSpacing, 1), 0.8, 1e-9);
  EXPECT_NEAR(number(DCM_ImageOrientationPatient, 4), std::sqrt(3.0) / 2, 1e-9);
  EXPECT_NEAR(number(DCM_ImageOrientationPatient, 5), 0.5, 1e-9);
  // Third slice: 8 mm along the normal (0, −sin, cos).
  EXPECT_NEAR(number(DCM_ImagePositionPatient, 1), 7.5 - 8 * 0.5, 1e-6);
  EXPECT_NEAR(number(DCM_ImagePositionPatient, 2), 31.125 + 8 * std::sqrt(3.0) / 2, 1e-6);
  EXPECT_NEAR(number(DCM_EchoTime, 0), 88.5, 1e-9);
}

TEST(MrWriter, EachVolumeOfADiffusionSeriesHasItsBValue) {
  const test::TemporaryFolder folder;
  MrVolume b0 = SomeVolume(), b1000 = SomeVolume();
  b0.b_value_s_mm2 = 0;
  b1000.b_value_s_mm2 = 1000;
  for (float& value : b1000.image.voxels) value = std::floor(value / 3);
  MrSeries series = SomeSeries();
  series.scanning_sequence = {"EP", "SE"};
  WriteMrSeries(folder.path(), SomeStudy(), series, {b0, b1000});
  const Index index = IndexDicom(folder.path());
  const auto& volumes = index.studies.at(0).series.at(0).volumes;
  ASSERT_EQ(volumes.size(), 2U);
  EXPECT_EQ(volumes[0].b_value_s_mm2, 0);
  EXPECT_EQ(volumes[1].b_value_s_mm2, 1000);
  EXPECT_EQ(LoadVolume(index.studies[0].series[0], 1).voxels, b1000.image.voxels);
}

TEST(MrWriter, AnAdcMapCarriesItsUnit) {
  const test::TemporaryFolder folder;
  MrVolume adc = SomeVolume();
  adc.image_type = {"DERIVED", "PRIMARY", "DIFFUSION", "ADC"};
  adc.unit = {"um2/s", "um2/s", "Apparent diffusion coefficient"};
  WriteMrSeries(folder.path(), SomeStudy(), SomeSeries(), {adc});
  const Index index = IndexDicom(folder.path());
  EXPECT_EQ(index.studies.at(0).series.at(0).volumes.at(0).unit, "um2/s");
}

TEST(MrWriter, IdenticalInputGivesIdenticalFiles) {
  const test::TemporaryFolder a, b;
  WriteMrSeries(a.path(), SomeStudy(), SomeSeries(), {SomeVolume()});
  WriteMrSeries(b.path(), SomeStudy(), SomeSeries(), {SomeVolume()});
  EXPECT_EQ(base::ReadFile(a.path() / "IM0002.dcm"), base::ReadFile(b.path() / "IM0002.dcm"));
}

TEST(MrWriter, RefusesValuesThatTwelveBitsCannotHold) {
  const test::TemporaryFolder folder;
  for (const float bad : {-1.0F, 4096.0F, 0.5F, NAN}) {
    MrVolume volume = SomeVolume();
    volume.image.voxels[3] = bad;
    EXPECT_THROW(WriteMrSeries(folder.path(), SomeStudy(), SomeSeries(), {volume}), base::Error) << bad;
  }
}

TEST(UidFromName, IsAValidUidThatDependsOnTheNameAlone) {
  const std::string uid = UidFromName("a study");
  EXPECT_EQ(uid, UidFromName("a study"));
  EXPECT_NE(uid, UidFromName("a studz"));
  EXPECT_THAT(uid, testing::MatchesRegex("2\\.25\\.[1-9][0-9]+"));
  for (int n = 0; n < 200; ++n) EXPECT_LE(UidFromName(std::to_string(n)).size(), 44U);  // 2.25. and at most 39 digits
}

}  // namespace
}  // namespace parotis::dicom
