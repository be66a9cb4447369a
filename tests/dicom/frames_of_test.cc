#include "dicom/frames_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "tests/support/dicom_file.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

using namespace std::string_literals;
using test::DicomItem;
using testing::ElementsAre;
using testing::HasSubstr;

FrameBytes Frames(const std::string& bytes, const std::vector<int>& numbers) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "file.dcm", bytes);
  return FramesOf(folder.path() / "file.dcm", numbers);
}

// Three frames of 3 columns × 2 rows.
DicomItem ThreeFrames(int allocated) {
  return test::MrSlice(1, 0)
      .Set(0x0028, 0x0008, "IS", "3")
      .SetUs(0x0028, 0x0100, allocated)
      .SetUs(0x0028, 0x0101, allocated)
      .SetUs(0x0028, 0x0102, allocated - 1);
}

TEST(FramesOf, GivesUncompressedFramesInTheOrderAskedFor) {
  const FrameBytes all =
      Frames(test::FileBytes(ThreeFrames(8).Set(0x7fe0, 0x0010, "OB", "abcdefghijklmnopqr")), {3, 1, 3});
  EXPECT_EQ(all.transfer_syntax_uid, "1.2.840.10008.1.2.1");
  EXPECT_EQ(all.media_type, "application/octet-stream");
  EXPECT_THAT(all.frames, ElementsAre("mnopqr", "abcdef", "mnopqr"));
}

TEST(FramesOf, BeginsOneBitFramesWithAByteOfTheirOwn) {
  // Frames of six bits without gaps, the first pixel in the lowest bit: 100101, 011000, 111111.
  const FrameBytes all =
      Frames(test::FileBytes(ThreeFrames(1).Set(0x7fe0, 0x0010, "OB", "\xA9\xF1\x03\x00"s)), {1, 2, 3});
  EXPECT_THAT(all.frames, ElementsAre("\x29", "\x06", "\x3F"));
}

TEST(FramesOf, TurnsBigEndianCellsRound) {
  DicomItem item = test::MrSlice(1, 0);
  const FrameBytes little = Frames(test::FileBytes(item), {1});
  EXPECT_EQ(little.frames.at(0), "\0\0\1\0\2\0\3\0\4\0\5\0"s);
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "little.dcm", item);
  const std::string command = "dcmconv +tb '" + (folder.path() / "little.dcm").string() + "' '" +
                              (folder.path() / "big.dcm").string() + "' 2>/dev/null";
  if (std::system(command.c_str()) != 0) GTEST_SKIP() << "no dcmconv (Debian: dcmtk)";
  const FrameBytes big = FramesOf(folder.path() / "big.dcm", {1});
  EXPECT_EQ(big.frames, little.frames);
  EXPECT_EQ(big.transfer_syntax_uid, "1.2.840.10008.1.2.1");
}

TEST(FramesOf, JoinsTheFragmentsOfCompressedFrames) {
  DicomItem item = ThreeFrames(8);
  item.Erase(0x7fe0, 0x0010);
  const std::string start = "\xFF\xD8\xFF\xE0";
  const FrameBytes all =
      Frames(test::FileBytes(item, "1.2.840.10008.1.2.4.50",
                             test::EncapsulatedPixels({start + "a1", "a2", start + "b1", start + "c1", "c2", "c3"})),
             {3, 2});
  EXPECT_EQ(all.media_type, "image/jpeg");
  EXPECT_EQ(all.transfer_syntax_uid, "1.2.840.10008.1.2.4.50");
  EXPECT_THAT(all.frames, ElementsAre(start + "c1c2c3", start + "b1"));
}

TEST(FramesOf, NamesTheMediaTypeOfEachCompression) {
  DicomItem item = test::MrSlice(1, 0);
  item.Erase(0x7fe0, 0x0010);
  for (const auto& [syntax, type] :
       std::vector<std::pair<std::string, std::string>>{{"1.2.840.10008.1.2.4.51", "image/jpeg"},
                                                        {"1.2.840.10008.1.2.4.57", "image/jpeg"},
                                                        {"1.2.840.10008.1.2.4.70", "image/jpeg"},
                                                        {"1.2.840.10008.1.2.4.80", "image/jls"},
                                                        {"1.2.840.10008.1.2.4.81", "image/jls"},
                                                        {"1.2.840.10008.1.2.4.90", "image/jp2"},
                                                        {"1.2.840.10008.1.2.4.91", "image/jp2"},
                                                        {"1.2.840.10008.1.2.5", "image/dicom-rle"}}) {
    const FrameBytes all = Frames(test::FileBytes(item, syntax, test::EncapsulatedPixels({"picture!"})), {1});
    EXPECT_EQ(all.media_type, type) << syntax;
    EXPECT_EQ(all.transfer_syntax_uid, syntax);
    EXPECT_THAT(all.frames, ElementsAre("picture!"));
  }
}

TEST(FramesOf, RefusesFramesThatAreNotThere) {
  const std::string bytes = test::FileBytes(ThreeFrames(8).Set(0x7fe0, 0x0010, "OB", "abcdefghijklmnopqr"));
  for (const int number : {0, -1, 4})
    EXPECT_THAT(test::ErrorOf([&] { Frames(bytes, {number}); }), HasSubstr("the image has frames 1 to 3"));
  EXPECT_THAT(test::ErrorOf([&] { Frames(test::FileBytes(ThreeFrames(8).Set(0x7fe0, 0x0010, "OB", "abcd")), {1}); }),
              HasSubstr("pixels_missing"));
}

}  // namespace
}  // namespace parotis::dicom
