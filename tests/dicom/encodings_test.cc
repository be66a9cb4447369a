// What PixelFile makes of each way to store pixels, on cases worked out by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/error.h"
#include "dicom/colour.h"
#include "dicom/convert.h"
#include "dicom/jpeg_header.h"
#include "dicom/palette.h"
#include "dicom/pixel_file.h"
#include "dicom/rle_header.h"
#include "tests/support/dicom_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

using test::DicomItem;
using test::LittleEndian;
using test::MrSlice;
using testing::ElementsAre;

constexpr const char* kRle = "1.2.840.10008.1.2.5";
constexpr const char* kJpeg2000 = "1.2.840.10008.1.2.4.90";
constexpr const char* kDeflatedFrames = "1.2.840.10008.1.2.8.1";
constexpr const char* kHevc = "1.2.840.10008.1.2.4.107";

std::string Words(std::initializer_list<unsigned> values, int bytes = 2) {
  std::string out;
  for (const unsigned value : values) out += LittleEndian(value, bytes);
  return out;
}

// A picture of 3 columns × 2 rows.
DicomItem Described(int samples, const char* colour_model, int allocated, int stored, int is_signed = 0) {
  return MrSlice(1, 0)
      .SetUs(0x0028, 0x0002, samples)
      .Set(0x0028, 0x0004, "CS", colour_model)
      .SetUs(0x0028, 0x0100, allocated)
      .SetUs(0x0028, 0x0101, stored)
      .SetUs(0x0028, 0x0102, stored - 1)
      .SetUs(0x0028, 0x0103, is_signed);
}

class File {
 public:
  explicit File(const std::string& bytes) {
    base::WriteFile(folder_.path() / "file", bytes);
    pixels_.emplace(folder_.path() / "file");
  }
  explicit File(const DicomItem& dataset) : File(test::FileBytes(dataset)) {}
  PixelFile* operator->() { return &*pixels_; }

 private:
  test::TemporaryFolder folder_;
  std::optional<PixelFile> pixels_;
};

template <class Body>
std::string CodeThrownBy(Body&& body) {
  try {
    body();
  } catch (const base::Error& error) {
    return error.code();
  }
  return "nothing";
}

TEST(NativePixels, SingleBitsArePackedLowestFirstAndFramesFollowWithoutGap) {
  File file(
      Described(1, "MONOCHROME2", 1, 1)
          .Set(0x0028, 0x0008, "IS", "2")
          .Set(0x7fe0, 0x0010, "OW", std::string("\x69\x0A", 2)));  // 101001 then 010110 from bit 6 on: 01|0101 00
  EXPECT_THAT(file->Stored(0).values, ElementsAre(1, 0, 0, 1, 0, 1));
  EXPECT_THAT(file->Stored(1).values, ElementsAre(1, 0, 0, 1, 0, 1));
}

TEST(NativePixels, TwelveAllocatedBitsArePackedTwoInThreeBytes) {
  File file(Described(1, "MONOCHROME2", 12, 12)
                .Set(0x7fe0, 0x0010, "OW", std::string("\x21\x43\x65\xFF\xFF\xFF\x00\x10\x00", 9)));
  EXPECT_THAT(file->Stored(0).values, ElementsAre(0x321, 0x654, 4095, 4095, 0, 1));
}

TEST(NativePixels, ThirtyTwoBitsKeepTheirSignAndSize) {
  const std::string bytes = Words({0xFFFFFFFF, 0x80000000, 1, 2, 3, 4}, 4);
  File plain(Described(1, "MONOCHROME2", 32, 32).Set(0x7fe0, 0x0010, "OW", bytes));
  EXPECT_THAT(plain->Stored(0).values, ElementsAre(4294967295.0, 2147483648.0, 1, 2, 3, 4));
  File with_sign(Described(1, "MONOCHROME2", 32, 32, 1).Set(0x7fe0, 0x0010, "OW", bytes));
  EXPECT_THAT(with_sign->Stored(0).values, ElementsAre(-1, -2147483648.0, 1, 2, 3, 4));
}

TEST(NativePixels, FloatingPointPixelsAreReadAndTheirPaddingIsKnown) {
  std::string floats;
  std::string doubles;
  for (const double value : {0.5, -1.25, 1e10, 0.0, 3.0, -4.0}) {
    floats += LittleEndian(std::bit_cast<std::uint32_t>(static_cast<float>(value)), 4);
    const auto bits = std::bit_cast<std::uint64_t>(value);
    doubles +=
        LittleEndian(static_cast<std::uint32_t>(bits), 4) + LittleEndian(static_cast<std::uint32_t>(bits >> 32U), 4);
  }
  DicomItem single = Described(1, "MONOCHROME2", 32, 32).Erase(0x7fe0, 0x0010).Set(0x7fe0, 0x0008, "OF", floats);
  single.Set(0x0028, 0x0122, "FL", LittleEndian(std::bit_cast<std::uint32_t>(3.0F), 4));
  File in_floats(single);
  EXPECT_THAT(in_floats->Signal(0), ElementsAre(0.5, -1.25, 1e10F, 0, 3, -4));
  EXPECT_EQ(in_floats->padding(), std::pair(3.0, 3.0));
  File in_doubles(Described(1, "MONOCHROME2", 64, 64).Erase(0x7fe0, 0x0010).Set(0x7fe0, 0x0009, "OD", doubles));
  EXPECT_THAT(in_doubles->Signal(0), ElementsAre(0.5, -1.25, 1e10, 0, 3, -4));
}

TEST(NativePixels, APaddingRangeCoversEverythingBetweenItsEnds) {
  File file(MrSlice(1, 0).SetUs(0x0028, 0x0120, 5).SetUs(0x0028, 0x0121, 2));
  EXPECT_EQ(file->padding(), std::pair(2.0, 5.0));
}

TEST(Colour, BothPlanarConfigurationsGiveTheSamePlanes) {
  const std::string by_pixel("\x01\x0B\x15\x02\x0C\x16\x03\x0D\x17\x04\x0E\x18\x05\x0F\x19\x06\x10\x1A", 18);
  const std::string by_plane("\x01\x02\x03\x04\x05\x06\x0B\x0C\x0D\x0E\x0F\x10\x15\x16\x17\x18\x19\x1A", 18);
  const auto expected = ElementsAre(1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16, 21, 22, 23, 24, 25, 26);
  File pixels(Described(3, "RGB", 8, 8).Set(0x7fe0, 0x0010, "OB", by_pixel));
  EXPECT_THAT(pixels->Shown(0).values, expected);
  File planes(Described(3, "RGB", 8, 8).SetUs(0x0028, 0x0006, 1).Set(0x7fe0, 0x0010, "OB", by_plane));
  EXPECT_THAT(planes->Shown(0).values, expected);
}

TEST(Colour, LuminanceAndChrominanceBecomeRedGreenAndBlue) {
  // JFIF's primaries: red is (76, 85, 255), grey has chrominance 128.
  std::vector<double> values = {76, 100, 85, 128, 255, 128};
  YbrToRgb("YBR_FULL", 8, values);
  EXPECT_THAT(values, ElementsAre(254, 100, 0, 100, 0, 100));
  std::vector<double> partial = {16, 235, 128, 128, 128, 128};
  YbrToRgb("YBR_PARTIAL_422", 8, partial);
  EXPECT_THAT(partial, ElementsAre(0, 255, 0, 255, 0, 255));
  std::vector<double> rgb = {1, 2, 3};
  YbrToRgb("YBR_RCT", 8, rgb);
  EXPECT_THAT(rgb, ElementsAre(1, 2, 3));
}

TEST(Colour, NeighboursShareTheirChrominanceWhereItIsHalved) {
  const std::string bytes("\x01\x02\x80\x90\x03\x04\x81\x91\x05\x06\x82\x92", 12);
  File file(Described(3, "YBR_FULL_422", 8, 8).Set(0x7fe0, 0x0010, "OB", bytes));
  EXPECT_THAT(file->Stored(0).values,
              ElementsAre(1, 2, 3, 4, 5, 6, 128, 128, 129, 129, 130, 130, 144, 144, 145, 145, 146, 146));
}

DicomItem WithPalette(std::uint16_t data_element, const std::array<std::string, 3>& tables, int entries, int bits) {
  DicomItem item = Described(1, "PALETTE COLOR", 8, 8);
  item.Set(0x7fe0, 0x0010, "OB", std::string("\x00\x01\x02\x03\x04\x07", 6));
  for (std::uint16_t c = 0; c < 3; ++c) {
    item.Set(0x0028, static_cast<std::uint16_t>(0x1101 + c), "US",
             Words({static_cast<unsigned>(entries), 1, static_cast<unsigned>(bits)}));
    item.Set(0x0028, static_cast<std::uint16_t>(data_element + c), "OW", tables[c]);
  }
  return item;
}

TEST(Colour, PalettesAreAppliedAndTheirEndsHoldForValuesBeyondThem) {
  File words(
      WithPalette(0x1201, {Words({1000, 2000, 3000, 4000}), Words({1, 2, 3, 4}), Words({9, 8, 7, 65535})}, 4, 16));
  const auto expected = ElementsAre(1000, 1000, 2000, 3000, 4000, 4000, 1, 1, 2, 3, 4, 4, 9, 9, 8, 7, 65535, 65535);
  EXPECT_THAT(words->Shown(0).values, expected);
  EXPECT_EQ(words->Shown(0).bits, 16);
  EXPECT_THAT(words->Stored(0).values, ElementsAre(0, 1, 2, 3, 4, 7));
  File bytes(WithPalette(0x1201, {"\x0A\x0B\x0C\x0D", "\x01\x02\x03\x04", "\x04\x03\x02\x01"}, 4, 8));
  EXPECT_THAT(bytes->Shown(0).values, ElementsAre(10, 10, 11, 12, 13, 13, 1, 1, 2, 3, 4, 4, 4, 4, 3, 2, 1, 1));
}

TEST(Colour, SegmentedPalettesAreValuesLinesAndCopies) {
  // Three values, a line of four steps up to 70, and the line again from there: level.
  const std::string data = Words({0, 3, 10, 20, 30, 1, 4, 70, 2, 1, 10, 0});
  const auto bytes = std::as_bytes(std::span(data));
  const auto entries = ExpandSegments(bytes, 2, 11);
  ASSERT_TRUE(entries);
  EXPECT_THAT(*entries, ElementsAre(10, 20, 30, 40, 50, 60, 70, 70, 70, 70, 70));
  EXPECT_FALSE(ExpandSegments(bytes, 2, 12));
  EXPECT_FALSE(ExpandSegments(bytes.first(9), 2, 11));
  // Copies of segments that add nothing would make much work of few bytes.
  const std::string idle = Words({0, 0, 2, 65535, 0, 0, 0, 1, 5});
  EXPECT_FALSE(ExpandSegments(std::as_bytes(std::span(idle)), 2, 1));
  File file(
      WithPalette(0x1221, {Words({0, 1, 5, 1, 3, 35}), Words({0, 1, 5, 1, 3, 35}), Words({0, 1, 5, 1, 3, 35})}, 4, 16));
  std::vector<double> red = file->Shown(0).values;
  red.resize(6);
  EXPECT_THAT(red, ElementsAre(5, 5, 15, 25, 35, 35));
}

TEST(Colour, ADamagedPaletteIsRefusedByName) {
  File file(WithPalette(0x1201, {"\x01\x02", "\x01\x02", "\x01\x02"}, 4, 8));
  EXPECT_EQ(CodeThrownBy([&] { file->Shown(0); }), "pixels_undecodable");
  EXPECT_EQ(CodeThrownBy([&] { file->Signal(0); }), "picture_in_colour");
}

// One segment of literal bytes (PS3.5 G.3).
std::string RleFrame(const std::string& bytes) {
  return LittleEndian(1, 4) + LittleEndian(64, 4) + std::string(56, '\0') + static_cast<char>(bytes.size() - 1) + bytes;
}

TEST(CompressedPixels, RunLengthFramesLieInTheirFragments) {
  const DicomItem slice = Described(1, "MONOCHROME2", 8, 8).Set(0x0028, 0x0008, "IS", "2").Erase(0x7fe0, 0x0010);
  File file(test::FileBytes(slice, kRle, test::EncapsulatedPixels({RleFrame("abcdef"), RleFrame("ghijkl")})));
  EXPECT_THAT(file->Stored(0).values, ElementsAre('a', 'b', 'c', 'd', 'e', 'f'));
  EXPECT_THAT(file->Stored(1).values, ElementsAre('g', 'h', 'i', 'j', 'k', 'l'));
}

TEST(CompressedPixels, FewerFragmentsThanFramesAreMissingAndRubbishIsUndecodable) {
  const DicomItem slice = Described(1, "MONOCHROME2", 8, 8).Erase(0x7fe0, 0x0010);
  const auto open = [&](const DicomItem& item, const char* syntax, const std::string& fragment) {
    return CodeThrownBy([&] {
      File file(test::FileBytes(item, syntax, test::EncapsulatedPixels({fragment})));
      file->Stored(0);
    });
  };
  EXPECT_EQ(open(DicomItem(slice).Set(0x0028, 0x0008, "IS", "2"), kRle, RleFrame("abcdef")), "pixels_missing");
  EXPECT_EQ(open(slice, kRle, "rubbish"), "pixels_undecodable");
  std::string far = RleFrame("abcdef");
  far.replace(4, 4, LittleEndian(0xFFFFF748, 4));
  EXPECT_EQ(open(slice, kRle, far), "pixels_undecodable");  // DCMTK would read there
  EXPECT_EQ(open(slice, kJpeg2000, "rubbish"), "pixels_undecodable");
  EXPECT_EQ(open(slice, kHevc, "rubbish"), "pixels_undecodable");
  EXPECT_EQ(open(slice, kDeflatedFrames, "rubbish"), "pixels_undecodable");
}

// Where a segment of one byte decodes to nothing, DCMTK would repeat the byte before.
TEST(CompressedPixels, ASegmentOfRunLengthsHoldsARun) {
  const std::string frame = RleFrame("abcdef");
  const auto fits = [&](std::size_t bytes) { return RleSegmentsFit(std::as_bytes(std::span(frame).first(bytes)), 1); };
  EXPECT_TRUE(fits(66));
  EXPECT_FALSE(fits(65));
  EXPECT_FALSE(fits(64));
}

// DCMTK reads the header of run lengths from the first fragment, however short.
TEST(CompressedPixels, RunLengthsThatAreCutIntoFragmentsAreRefused) {
  const DicomItem slice = Described(1, "MONOCHROME2", 8, 8).Erase(0x7fe0, 0x0010);
  const std::string frame = RleFrame("abcdef");
  for (const std::size_t cut : {2U, 10U, 66U}) {
    File file(test::FileBytes(slice, kRle, test::EncapsulatedPixels({frame.substr(0, cut), frame.substr(cut)})));
    EXPECT_EQ(CodeThrownBy([&] { file->Stored(0); }), "pixels_undecodable") << cut;
  }
}

TEST(CompressedPixels, AFileThatEndsWithinItsPixelsMissesThem) {
  const DicomItem slice = Described(1, "MONOCHROME2", 8, 8).Erase(0x7fe0, 0x0010);
  const std::string whole = test::FileBytes(slice, kRle, test::EncapsulatedPixels({RleFrame("abcdef")}));
  EXPECT_EQ(CodeThrownBy([&] { File(whole.substr(0, whole.size() - 40)); }), "pixels_missing");
  const std::string native = test::FileBytes(MrSlice(1, 0));
  EXPECT_EQ(CodeThrownBy([&] { File(native.substr(0, native.size() - 4)); }), "pixels_missing");
}

// A JPEG 2000 codestream of 64 × 64 signed 16-bit pixels.
std::string Codestream() {
  const std::string file = base::ReadFile(test::SharedData() / "odd-dicom/MR_small_jp2klossless.dcm");
  const std::size_t start = file.find("\xFF\x4F\xFF\x51");
  return file.substr(start, file.find("\xFF\xD9", start) + 2 - start);
}

TEST(CompressedPixels, FramesInSeveralFragmentsAreFoundByEitherTableOrByTheirMarkers) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const std::string stream = Codestream();
  const std::size_t half = stream.size() / 4 * 2;
  const std::vector<std::string> fragments = {stream.substr(0, half), stream.substr(half), stream};
  const auto second = static_cast<std::uint32_t>(half + 8 + (stream.size() - half + 1) / 2 * 2 + 8);
  const DicomItem slice = Described(1, "MONOCHROME2", 16, 16, 1)
                              .SetUs(0x0028, 0x0010, 64)
                              .SetUs(0x0028, 0x0011, 64)
                              .Set(0x0028, 0x0008, "IS", "2")
                              .Erase(0x7fe0, 0x0010);
  File reference(base::ReadFile(test::SharedData() / "odd-dicom/MR_small.dcm"));
  const std::vector<double> expected = reference->Stored(0).values;
  const std::string extended = LittleEndian(0, 4) + LittleEndian(0, 4) + LittleEndian(second, 4) + LittleEndian(0, 4);
  const DicomItem with_extended = DicomItem(slice).Set(0x7fe0, 0x0001, "OV", extended);
  for (const std::string& bytes : {test::FileBytes(slice, kJpeg2000, test::EncapsulatedPixels(fragments, {0, second})),
                                   test::FileBytes(with_extended, kJpeg2000, test::EncapsulatedPixels(fragments)),
                                   test::FileBytes(slice, kJpeg2000, test::EncapsulatedPixels(fragments))}) {
    File file(bytes);
    EXPECT_EQ(file->Stored(0).values, expected);
    EXPECT_EQ(file->Stored(1).values, expected);
  }
  const std::vector<std::string> unmarked = {fragments[0], fragments[1], fragments[1], fragments[1]};
  EXPECT_EQ(CodeThrownBy([&] { File(test::FileBytes(slice, kJpeg2000, test::EncapsulatedPixels(unmarked))); }),
            "pixels_undecodable");
}

TEST(CompressedPixels, AFewBytesThatClaimGigabytesAreRefusedBeforeMemoryIsTaken) {
  const DicomItem slice =
      Described(1, "MONOCHROME2", 8, 8).SetUs(0x0028, 0x0010, 16000).SetUs(0x0028, 0x0011, 16000).Erase(0x7fe0, 0x0010);
  EXPECT_EQ(CodeThrownBy([&] { File(test::FileBytes(slice, kRle, test::EncapsulatedPixels({RleFrame("abcdef")}))); }),
            "pixels_missing");
}

std::string BigEndian(std::uint32_t value, int bytes) {
  std::string text = LittleEndian(value, bytes);
  std::reverse(text.begin(), text.end());
  return text;
}

// A JPEG 2000 codestream's beginning (ISO/IEC 15444-1 A.5.1): OpenJPEG would take half a gigabyte for its tiles.
TEST(CompressedPixels, TilesForWhichThereAreNoBytesAreRefusedBeforeMemoryIsTaken) {
  const auto refusal = [](std::uint32_t tile, std::uint32_t components) {
    std::string stream = "\xFF\x4F\xFF\x51" + BigEndian(38 + 3 * components, 2) + BigEndian(0, 2);
    for (const std::uint32_t number : {255U, 255U, 0U, 0U, tile, tile, 0U, 0U}) stream += BigEndian(number, 4);
    stream += BigEndian(components, 2);
    for (std::uint32_t c = 0; c < components; ++c) stream += std::string("\x07\x01\x01", 3);
    const DicomItem slice =
        Described(1, "MONOCHROME2", 8, 8).SetUs(0x0028, 0x0010, 255).SetUs(0x0028, 0x0011, 255).Erase(0x7fe0, 0x0010);
    File file(test::FileBytes(slice, kJpeg2000, test::EncapsulatedPixels({stream})));
    try {
      file->Stored(0);
    } catch (const base::Error& error) {
      return error.message();
    }
    return std::string("read");
  };
  EXPECT_THAT(refusal(1, 1), testing::HasSubstr("more tiles or components"));
  EXPECT_THAT(refusal(255, 16000), testing::HasSubstr("more tiles or components"));
  EXPECT_THAT(refusal(255, 1), testing::HasSubstr("damaged"));
}

TEST(CompressedPixels, WhatTheyAreStandsInTheFrameHeader) {
  const std::string jpeg("\xFF\xD8\xFF\xE0\x00\x04\x00\x00\xFF\x01\xFF\xFF\xC1\x00\x0B\x0C\x00\x02\x00\x03\x01", 21);
  const auto frame = ReadJpegFrame(std::as_bytes(std::span(jpeg)));
  ASSERT_TRUE(frame);
  EXPECT_THAT((std::array{frame->precision, frame->rows, frame->columns, frame->components}), ElementsAre(12, 2, 3, 1));
  EXPECT_FALSE(ReadJpegFrame(std::as_bytes(std::span(jpeg).first(20))));
}

// Progressive pictures are held in memory as a whole, as large as they claim to be.
TEST(CompressedPixels, APictureOfAnotherSizeThanTheHeaderSaysIsRefusedBeforeItIsDecoded) {
  const DicomItem slice = Described(1, "MONOCHROME2", 8, 8).Erase(0x7fe0, 0x0010);
  const std::string huge(
      "\xFF\xD8\xFF\xC2\x00\x0B\x08\xFF\xDC\xFF\xDC\x01\x01\x11\x00\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00", 25);
  File file(test::FileBytes(slice, "1.2.840.10008.1.2.4.50", test::EncapsulatedPixels({huge})));
  try {
    file->Stored(0);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "pixels_undecodable");
    EXPECT_THAT(error.message(), testing::HasSubstr("65500 × 65500 pixels of 1 components"));
  }
}

std::int16_t Field(const std::string& nifti, std::size_t at) {
  std::int16_t value = 0;
  std::memcpy(&value, nifti.data() + at, 2);
  return value;
}

TEST(ConvertPixels, WritesStoredNumbersWithoutPlaceAndColourAsAVector) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "grey", MrSlice(1, 0).Set(0x0028, 0x1053, "DS", "7"));
  ConvertPixels(folder.path() / "grey", folder.path() / "grey.nii", Colours::kShown);
  const std::string grey = base::ReadFile(folder.path() / "grey.nii");
  EXPECT_EQ(Field(grey, 40), 3);    // dim[0]
  EXPECT_EQ(Field(grey, 70), 512);  // uint16
  EXPECT_EQ(Field(grey, 252), 0);   // qform_code
  EXPECT_EQ(Field(grey, 254), 0);   // sform_code
  EXPECT_EQ(grey.substr(352), Words({0, 1, 2, 3, 4, 5}));

  test::WriteDicom(folder.path() / "rgb", Described(3, "RGB", 8, 8).Set(0x7fe0, 0x0010, "OB", "abcdefghijklmnopqr"));
  ConvertPixels(folder.path() / "rgb", folder.path() / "rgb.nii", Colours::kShown);
  const std::string rgb = base::ReadFile(folder.path() / "rgb.nii");
  EXPECT_EQ(Field(rgb, 40), 5);
  EXPECT_EQ(Field(rgb, 50), 3);     // dim[5]
  EXPECT_EQ(Field(rgb, 68), 2003);  // intent
  EXPECT_EQ(rgb.substr(352), "adgjmpbehknqcfilor");
}

}  // namespace
}  // namespace parotis::dicom
