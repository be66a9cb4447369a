#include <gtest/gtest.h>

#include "dicom/index.h"
#include "tests/support/dicom_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

std::optional<PhaseEncoding> Read(const std::function<void(test::DicomItem&)>& change) {
  const test::TemporaryFolder folder;
  test::DicomItem item = test::MrSlice(1, 0);
  change(item);
  test::WriteDicom(folder.path() / "a", item);
  return IndexDicom(folder.path()).studies.at(0).series.at(0).volumes.at(0).phase_encoding;
}

TEST(PhaseEncoding, RowIsTheFirstIndexAxisAndColumnTheSecond) {
  EXPECT_EQ(Read([](test::DicomItem& item) { item.Set(0x0018, 0x1312, "CS", "ROW"); })->axis, 0);
  EXPECT_EQ(Read([](test::DicomItem& item) { item.Set(0x0018, 0x1312, "CS", "COL"); })->axis, 1);
  EXPECT_EQ(Read([](test::DicomItem& item) { item.Set(0x0018, 0x1312, "CS", "COLUMN"); })->axis, 1);
}

TEST(PhaseEncoding, WhatIsNotSaidIsNotGuessed) {
  EXPECT_FALSE(Read([](test::DicomItem&) {}).has_value());
  EXPECT_FALSE(Read([](test::DicomItem& item) { item.Set(0x0018, 0x1312, "CS", "OTHER"); }).has_value());
  const auto silent = Read([](test::DicomItem& item) { item.Set(0x0018, 0x1312, "CS", "ROW"); });
  EXPECT_FALSE(silent->positive.has_value());
}

TEST(PhaseEncoding, APolarityIsTheVendorsOwn) {
  const auto ge =
      Read([](test::DicomItem& item) { item.Set(0x0018, 0x1312, "CS", "COL").Set(0x0018, 0x9034, "CS", "LINEAR"); });
  EXPECT_EQ(ge->positive, true);
  const auto reversed = Read(
      [](test::DicomItem& item) { item.Set(0x0018, 0x1312, "CS", "COL").Set(0x0018, 0x9034, "CS", "REVERSE_LINEAR"); });
  EXPECT_EQ(reversed->positive, false);
  EXPECT_EQ(ge->polarity_source, "(0018,9034)");
}

TEST(RealData, VendorsSayAlongWhichAxisTheyEncodedPhase) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const auto first = [](const char* folder) {
    return IndexDicom(test::SharedData() / folder).studies.at(0).series.at(0).volumes.at(0).phase_encoding;
  };
  const auto siemens = first("dwi-vendors/siemens-mosaic");
  ASSERT_TRUE(siemens.has_value());
  EXPECT_EQ(siemens->axis, 1);
  EXPECT_TRUE(siemens->positive.has_value());
  EXPECT_EQ(first("dwi-vendors/ge")->axis, 1);
  EXPECT_EQ(first("enhanced/canon-dwi")->axis, 1);
}

}  // namespace
}  // namespace parotis::dicom
