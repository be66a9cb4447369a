#include "dicom/enhanced_mr_writer.h"

#include <gtest/gtest.h>

#include "base/error.h"
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
  series.description = "DWI";
  series.time = "101530";
  series.scanning_sequence = {"EP", "SE"};
  series.acquisition_contrast = "DIFFUSION";
  series.repetition_time_ms = 5000;
  series.echo_time_ms = 70;
  series.slice_thickness_mm = 4;
  return series;
}

MrVolume VolumeOf(float first) {
  image::Geometry grid;
  grid.size = {4, 3, 2};
  grid.spacing_mm = {1.7, 1.8, 4};
  grid.origin_world = {-3, 5, 7};
  MrVolume volume;
  volume.image = image::Volume(grid);
  for (std::size_t v = 0; v < volume.image.voxels.size(); ++v) volume.image.voxels[v] = first + static_cast<float>(v);
  volume.image_type = {"ORIGINAL", "PRIMARY", "DIFFUSION", "NONE"};
  return volume;
}

TEST(EnhancedMrWriter, ImagesOfOneGridBecomeOneObjectAndReadBack) {
  const test::TemporaryFolder folder;
  MrVolume b0 = VolumeOf(100), along = VolumeOf(50), average = VolumeOf(10);
  b0.b_value_s_mm2 = 0;
  along.b_value_s_mm2 = average.b_value_s_mm2 = 1000;
  along.direction_world = image::Vector3{0, 0.6, 0.8};
  WriteEnhancedMrSeries(folder.path(), SomeStudy(), SomeSeries(), {b0, along, average});
  const Index index = IndexDicom(folder.path());
  const Series& series = index.studies.at(0).series.at(0);
  ASSERT_EQ(series.files.size(), 1U);
  ASSERT_EQ(series.volumes.size(), 3U);
  EXPECT_EQ(LoadVolume(series, 1).voxels, along.image.voxels);
  EXPECT_TRUE(SameGrid(series.volumes[1].geometry, along.image.geometry));
  EXPECT_EQ(series.volumes[1].gradient_world, along.direction_world);
  EXPECT_TRUE(series.volumes[2].trace);
}

TEST(EnhancedMrWriter, EveryGridIsAnObjectOfItsOwn) {
  const test::TemporaryFolder folder;
  MrVolume shifted = VolumeOf(1);
  shifted.image.geometry.origin_world[0] += 30;
  WriteEnhancedMrSeries(folder.path(), SomeStudy(), SomeSeries(), {VolumeOf(1), shifted});
  EXPECT_EQ(IndexDicom(folder.path()).studies.at(0).series.at(0).files.size(), 2U);
}

TEST(EnhancedMrWriter, RefusesATypeOfFewerThanFourValues) {
  const test::TemporaryFolder folder;
  MrVolume volume = VolumeOf(1);
  volume.image_type.pop_back();
  EXPECT_THROW(WriteEnhancedMrSeries(folder.path(), SomeStudy(), SomeSeries(), {volume}), base::Error);
}

// PS3.3 C.7.6.16.2.11: the unit belongs to the real world values, not to what is displayed.
TEST(RealWorldValues, HaveASlopeOfTheirOwn) {
  const test::TemporaryFolder folder;
  MrVolume map = VolumeOf(900);
  map.image_type = {"DERIVED", "PRIMARY", "DIFFUSION", "ADC"};
  map.rescale = Rescale{2, 0, "US"};
  map.unit = {"10*-3.mm2/s", "10^-3 mm^2/s", "ADC", "ADC", 0.001, 0};
  WriteEnhancedMrSeries(folder.path(), SomeStudy(), SomeSeries(), {map});
  const Index index = IndexDicom(folder.path());
  const Series& series = index.studies.at(0).series.at(0);
  EXPECT_EQ(series.volumes.at(0).unit, "10*-3.mm2/s");
  EXPECT_NEAR(LoadVolume(series, 0).voxels[0], 0.9, 1e-6);
}

TEST(RealWorldValues, WithoutAUnitLeaveTheSignalOfPhilips) {
  const test::TemporaryFolder folder;
  MrVolume image = VolumeOf(900);
  image.image_type = {"ORIGINAL", "PRIMARY", "DIFFUSION", "M"};
  image.rescale = Rescale{1.5, 0, "US"};
  image.unit = {"1", "no units", "normalized", "Philips", 1.5, 0};
  image.attributes = {SequenceAttribute(tag::kPhilipsFrameSequence, {{NumberAttribute(tag::kPhilipsScaleSlope, {2})}})};
  WriteEnhancedMrSeries(folder.path(), SomeStudy(), SomeSeries(), {image});
  const Index index = IndexDicom(folder.path());
  EXPECT_NEAR(LoadVolume(index.studies.at(0).series.at(0), 0).voxels[0], 450, 1e-3);
}

// (0043,xx2f), where the image type says nothing.
TEST(GeComponent, TellsPhaseFromMagnitude) {
  const test::TemporaryFolder folder;
  MrVolume phase = VolumeOf(1);
  phase.image_type = {"ORIGINAL", "PRIMARY", "OTHER"};
  phase.attributes = {NumberAttribute(tag::kGeComponent, {1})};
  WriteMrSeries(folder.path(), SomeStudy(), SomeSeries(), {phase});
  const Index index = IndexDicom(folder.path());
  EXPECT_EQ(index.studies.at(0).series.at(0).volumes.at(0).image_type.back(), "PHASE");
}

}  // namespace
}  // namespace parotis::dicom
