#include "dicom/philips_scale.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "dicom/index.h"
#include "dicom/pixels.h"
#include "tests/support/dicom_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

using test::DicomItem;
using test::LittleEndian;
using testing::ElementsAre;

constexpr const char* kCreator = "Philips MR Imaging DD 001";

// Rescale slope 2, intercept 6, scale slope `scale`.
DicomItem Slice(float scale, const char* creator = kCreator,
                const char* image_type = "ORIGINAL\\PRIMARY\\M_SE\\M\\SE") {
  return test::MrSlice(1, 0)
      .Set(0x0008, 0x0008, "CS", image_type)
      .Set(0x0028, 0x1052, "DS", "6")
      .Set(0x0028, 0x1053, "DS", "2")
      .Set(0x2005, 0x0010, "LO", creator)
      .Set(0x2005, 0x100e, "FL", LittleEndian(std::bit_cast<std::uint32_t>(scale), 4));
}

std::vector<float> Loaded(const std::vector<DicomItem>& slices) {
  const test::TemporaryFolder folder;
  for (std::size_t i = 0; i < slices.size(); ++i) test::WriteDicom(folder.path() / std::to_string(i), slices[i]);
  return LoadVolume(IndexDicom(folder.path()).studies.at(0).series.at(0), 0).voxels;
}

DicomItem Second(DicomItem slice) {
  return slice.Set(0x0008, 0x0018, "UI", "1.2.3.4.2")
      .Set(0x0020, 0x0032, "DS", "0\\0\\4")
      .Set(0x0020, 0x0013, "IS", "2");
}

TEST(PhilipsScale, SignalIsTheDisplayedValueOverBothSlopes) {
  // FP = (2 · stored + 6) / (2 · 0.25) = 4 · stored + 12.
  EXPECT_THAT(Loaded({Slice(0.25F)}), ElementsAre(12, 16, 20, 24, 28, 32));
}

TEST(PhilipsScale, IsOnlyReadUnderItsCreator) {
  EXPECT_THAT(Loaded({Slice(0.25F, "SOMEBODY ELSE")}), ElementsAre(6, 8, 10, 12, 14, 16));
}

TEST(PhilipsScale, MapsAndPhaseKeepTheirDisplayedValues) {
  const auto displayed = ElementsAre(6, 8, 10, 12, 14, 16);
  EXPECT_THAT(Loaded({Slice(0.25F).Set(0x0028, 0x1054, "LO", "10-6 mm2/s")}), displayed);
  EXPECT_THAT(Loaded({Slice(0.25F, kCreator, "ORIGINAL\\PRIMARY\\PHASE MAP\\P\\SE")}), displayed);
}

TEST(PhilipsScale, IsUsedForAllImagesOfASeriesOrForNone) {
  const DicomItem without = Slice(0.25F).Erase(0x2005, 0x100e);
  EXPECT_THAT(Loaded({Slice(0.25F), Second(without)}), ElementsAre(6, 8, 10, 12, 14, 16, 6, 8, 10, 12, 14, 16));
  EXPECT_THAT(Loaded({Slice(0.25F), Second(Slice(0.5F))}), ElementsAre(12, 16, 20, 24, 28, 32, 6, 8, 10, 12, 14, 16));
}

TEST(PhilipsScale, EnhancedImagesHoldItInAGroupOfTheirOwn) {
  const DicomItem scale = DicomItem()
                              .Set(0x2005, 0x0010, "LO", kCreator)
                              .Set(0x2005, 0x100e, "FL", LittleEndian(std::bit_cast<std::uint32_t>(0.25F), 4));
  const DicomItem frame =
      DicomItem().Set(0x2005, 0x0014, "LO", "Philips MR Imaging DD 005").SetSequence(0x2005, 0x140f, {scale});
  const DicomItem slice = Slice(1).Erase(0x2005, 0x100e).SetSequence(0x5200, 0x9230, {frame});
  EXPECT_THAT(Loaded({slice}), ElementsAre(12, 16, 20, 24, 28, 32));
}

}  // namespace
}  // namespace parotis::dicom
