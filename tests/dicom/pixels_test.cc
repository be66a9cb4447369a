#include "dicom/pixels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "dicom/index.h"
#include "tests/support/dicom_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

using test::DicomItem;
using test::LittleEndian;
using test::MrSlice;
using testing::ElementsAre;

image::Volume LoadOnly(const std::vector<DicomItem>& slices) {
  const test::TemporaryFolder folder;
  for (std::size_t i = 0; i < slices.size(); ++i) test::WriteDicom(folder.path() / std::to_string(i), slices[i]);
  return LoadVolume(IndexDicom(folder.path()).studies.at(0).series.at(0), 0);
}

std::string Pixels16(std::initializer_list<int> values) {
  std::string bytes;
  for (const int value : values) bytes += LittleEndian(static_cast<std::uint32_t>(value), 2);
  return bytes;
}

TEST(Pixels, ColumnsVaryFastestAndSlicesFollowTheirPosition) {
  const DicomItem upper = MrSlice(1, 4).Set(0x7fe0, 0x0010, "OW", Pixels16({10, 11, 12, 13, 14, 15}));
  const image::Volume volume = LoadOnly({upper, MrSlice(2, 0)});
  EXPECT_THAT(volume.geometry.size, ElementsAre(3, 2, 2));
  EXPECT_EQ(volume.At(2, 1, 0), 5);
  EXPECT_EQ(volume.At(1, 0, 1), 11);
}

TEST(Pixels, RescaleIsAppliedPerSlice) {
  const image::Volume volume = LoadOnly({MrSlice(1, 0).Set(0x0028, 0x1053, "DS", "2").Set(0x0028, 0x1052, "DS", "-3"),
                                         MrSlice(2, 4).Set(0x0028, 0x1053, "DS", "0.5")});
  EXPECT_EQ(volume.At(2, 1, 0), 7);
  EXPECT_EQ(volume.At(2, 1, 1), 2.5F);
}

TEST(Pixels, StoredBitsAreCutOutAndSignExtended) {
  const auto twelve_bits = [](int is_signed) {
    return MrSlice(1, 0)
        .SetUs(0x0028, 0x0101, 12)
        .SetUs(0x0028, 0x0102, 11)
        .SetUs(0x0028, 0x0103, is_signed)
        .Set(0x7fe0, 0x0010, "OW", Pixels16({0x0FFF, 0xF001, 0x0800, 0x07FF, 0, 1}));  // the highest nibble is not ours
  };
  EXPECT_THAT(LoadOnly({twelve_bits(1)}).voxels, ElementsAre(-1, 1, -2048, 2047, 0, 1));
  EXPECT_THAT(LoadOnly({twelve_bits(0)}).voxels, ElementsAre(4095, 1, 2048, 2047, 0, 1));
}

TEST(Pixels, EightBitsAreRead) {
  const DicomItem slice = MrSlice(1, 0)
                              .SetUs(0x0028, 0x0100, 8)
                              .SetUs(0x0028, 0x0101, 8)
                              .SetUs(0x0028, 0x0102, 7)
                              .Set(0x7fe0, 0x0010, "OW", std::string("\x00\x01\x02\xFD\xFE\xFF", 6));
  EXPECT_THAT(LoadOnly({slice}).voxels, ElementsAre(0, 1, 2, 253, 254, 255));
}

TEST(Pixels, Monochrome1IsTurnedOver) {
  const DicomItem slice =
      MrSlice(1, 0).Set(0x0028, 0x0004, "CS", "MONOCHROME1").SetUs(0x0028, 0x0101, 12).SetUs(0x0028, 0x0102, 11);
  EXPECT_THAT(LoadOnly({slice}).voxels, ElementsAre(4095, 4094, 4093, 4092, 4091, 4090));
}

TEST(Pixels, PaddingIsZero) {
  const DicomItem slice = MrSlice(1, 0).SetUs(0x0028, 0x0120, 3).Set(0x0028, 0x1052, "DS", "100");
  EXPECT_THAT(LoadOnly({slice}).voxels, ElementsAre(100, 101, 102, 0, 104, 105));
}

std::string CodeOfRefusal(const DicomItem& slice) {
  try {
    LoadOnly({slice});
  } catch (const base::Error& error) {
    return error.code();
  }
  return "loaded";
}

TEST(Pixels, TruncatedPixelDataIsRefused) {
  EXPECT_EQ(CodeOfRefusal(MrSlice(1, 0).Set(0x7fe0, 0x0010, "OW", Pixels16({1, 2, 3}))), "pixels_missing");
  EXPECT_EQ(CodeOfRefusal(MrSlice(1, 0).Erase(0x7fe0, 0x0010)), "pixels_missing");
}

TEST(Pixels, ColourIsNoSignal) {
  EXPECT_EQ(CodeOfRefusal(MrSlice(1, 0).Set(0x0028, 0x0004, "CS", "PALETTE COLOR")), "picture_in_colour");
}

TEST(Pixels, ImpossibleDescriptionsAreRefused) {
  EXPECT_EQ(CodeOfRefusal(MrSlice(1, 0).SetUs(0x0028, 0x0101, 17)), "pixels_undecodable");
  EXPECT_THROW(LoadOnly({MrSlice(1, 0).SetUs(0x0028, 0x0102, 3)}), base::Error);
  EXPECT_THROW(LoadOnly({MrSlice(1, 0).SetUs(0x0028, 0x0100, 1)}), base::Error);
}

TEST(Pixels, AFewBytesThatClaimGigabytesAreRefusedBeforeMemoryIsTaken) {
  EXPECT_THROW(LoadOnly({MrSlice(1, 0).SetUs(0x0028, 0x0010, 16000).SetUs(0x0028, 0x0011, 16000)}), base::Error);
  EXPECT_THROW(LoadOnly({MrSlice(1, 0).SetUs(0x0028, 0x0010, 65000)}), base::Error);
}

TEST(Pixels, AVolumeWithAProblemIsRefusedByName) {
  try {
    LoadOnly({MrSlice(1, 0), MrSlice(2, 4), MrSlice(3, 12)});
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.message(),
                testing::AllOf(testing::HasSubstr("series 1 (a series)"), testing::HasSubstr("missing")));
  }
}

TEST(Pixels, FramesOfAnEnhancedFileGoToTheirOwnPositions) {
  std::vector<DicomItem> frames;
  for (const char* z : {"6", "0", "3"}) {
    const DicomItem position = DicomItem().Set(0x0020, 0x0032, "DS", std::string("0\\0\\") + z);
    const DicomItem scale = DicomItem().Set(0x0028, 0x1053, "DS", "10").Set(0x0028, 0x1052, "DS", z);
    frames.push_back(DicomItem().SetSequence(0x0020, 0x9113, {position}).SetSequence(0x0028, 0x9145, {scale}));
  }
  std::string pixels;
  for (std::uint32_t i = 0; i < 18; ++i) pixels += LittleEndian(i, 2);
  const image::Volume volume = LoadOnly({MrSlice(1, 0)
                                             .Set(0x0028, 0x0008, "IS", "3")
                                             .Set(0x7fe0, 0x0010, "OW", pixels)
                                             .Set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.4.1")
                                             .SetSequence(0x5200, 0x9230, frames)});
  EXPECT_THAT(volume.geometry.size, ElementsAre(3, 2, 3));
  EXPECT_EQ(volume.At(0, 0, 0), 60);   // frame 2, z = 0
  EXPECT_EQ(volume.At(0, 0, 1), 123);  // frame 3, z = 3
  EXPECT_EQ(volume.At(2, 1, 2), 56);   // frame 1, z = 6
}

}  // namespace
}  // namespace parotis::dicom
