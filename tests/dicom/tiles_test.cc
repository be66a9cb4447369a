#include "dicom/tiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dicom/index.h"
#include "dicom/pixels.h"
#include "tests/support/dicom_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// 8 × 8 pixels of 2 mm: four tiles of 4 × 4, three of them slices.
PlaneHeader Mosaic() {
  PlaneHeader whole;
  whole.size = {8, 8};
  whole.position_world = {-100, -50, 10};
  whole.orientation = {1, 0, 0, 0, 1, 0};
  whole.pixel_spacing_mm = {2, 2};
  whole.slice_spacing_mm = 5;
  return whole;
}

TEST(Mosaic, SlicesFollowTheNormalFromWhereTheFirstTileReallyLies) {
  const auto planes = UnpackMosaic(Mosaic(), 3, {0, 0, -1});
  ASSERT_EQ(planes.size(), 3U);
  // The header places the picture as if its 8 × 8 pixels were one slice: half of what is too much belongs to each side.
  EXPECT_THAT(*planes[0].position_world, ElementsAre(-96, -46, 10));
  EXPECT_THAT(*planes[2].position_world, ElementsAre(-96, -46, 0));
  EXPECT_THAT(planes[1].source.first_pixel, ElementsAre(4, 0));
  EXPECT_THAT(planes[2].source.first_pixel, ElementsAre(0, 4));
  EXPECT_THAT(planes[2].size, ElementsAre(4, 4));
}

TEST(Mosaic, ContradictionsAreRefused) {
  EXPECT_EQ(UnpackMosaic(Mosaic(), 3, {1, 0, 0}).at(0).problem.code, "tiles_unplaced");
  EXPECT_THAT(UnpackMosaic(Mosaic(), 3, {1, 0, 0}).at(0).problem.message, HasSubstr("contradicts"));
  EXPECT_THAT(UnpackMosaic(Mosaic(), 7, {0, 0, 1}).at(0).problem.message, HasSubstr("equal tiles"));
  PlaneHeader placeless = Mosaic();
  placeless.position_world.reset();
  EXPECT_THAT(UnpackMosaic(placeless, 3, {0, 0, 1}).at(0).problem.message, HasSubstr("without position"));
}

TEST(Mosaic, WithoutTheHeaderThatTellsTheOrderItIsNotGuessed) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "a", test::MrSlice(1, 0)
                                            .Set(0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\M\\MOSAIC")
                                            .Set(0x0019, 0x0010, "LO", "SIEMENS MR HEADER")
                                            .SetUs(0x0019, 0x100a, 4));
  EXPECT_THAT(IndexDicom(folder.path()).studies.at(0).series.at(0).volumes.at(0).problem.message,
              HasSubstr("order of its slices"));
}

TEST(Grid, OfUnitedImagingTakesEverySlicesOwnPosition) {
  std::vector<test::DicomItem> positions;
  for (const char* z : {"9", "6", "3"})
    positions.push_back(test::DicomItem().Set(0x0020, 0x0032, "DS", std::string("0\\0\\") + z));
  std::string pixels;
  for (std::uint32_t i = 0; i < 16; ++i) pixels += test::LittleEndian(i, 2);
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "a", test::MrSlice(1, 0)
                                            .Set(0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\M\\VFRAME")
                                            .Set(0x0065, 0x0010, "LO", "Image Private Header")
                                            .SetSequence(0x0065, 0x1051, positions)
                                            .SetUs(0x0028, 0x0010, 4)
                                            .SetUs(0x0028, 0x0011, 4)
                                            .Set(0x7fe0, 0x0010, "OW", pixels));
  const Index index = IndexDicom(folder.path());
  const Series& series = index.studies.at(0).series.at(0);
  ASSERT_EQ(series.volumes.size(), 1U);
  const image::Volume volume = LoadVolume(series, 0);
  EXPECT_THAT(volume.geometry.size, ElementsAre(2, 2, 3));
  EXPECT_EQ(volume.geometry.origin_world[2], 3);
  EXPECT_EQ(volume.At(0, 0, 0), 8);  // the third tile lies lowest
  EXPECT_EQ(volume.At(1, 1, 1), 7);
  EXPECT_EQ(volume.At(0, 0, 2), 0);
}

}  // namespace
}  // namespace parotis::dicom
