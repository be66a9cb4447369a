#include "dicom/index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/support/dicom_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

using test::MrSlice;
using testing::HasSubstr;

TEST(IndexDicom, GroupsByUidWhateverFilesAreCalledAndWhereTheyLie) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "z" / "y" / "IM1.txt", MrSlice(3, 8));
  test::WriteDicom(folder.path() / "no_extension", MrSlice(1, 0));
  test::WriteDicom(folder.path() / "z" / "a.b.c", MrSlice(2, 4));
  test::WriteDicom(folder.path() / "other", MrSlice(1, 0, "1.2.3.5").Set(0x0020, 0x0011, "IS", "7"));
  base::WriteFile(folder.path() / "notes.txt", std::string_view("not an image"));
  base::WriteFile(folder.path() / "empty", std::string_view(""));
  const Index index = IndexDicom(folder.path());
  ASSERT_EQ(index.studies.size(), 1U);
  ASSERT_EQ(index.studies[0].series.size(), 2U);
  const Series& first = index.studies[0].series[0];
  EXPECT_EQ(first.files.size(), 3U);
  EXPECT_EQ(first.volumes.at(0).geometry.size[2], 3);
  EXPECT_DOUBLE_EQ(first.volumes[0].geometry.spacing_mm[2], 4);
  EXPECT_EQ(index.studies[0].series[1].number, 7);
  ASSERT_EQ(index.skipped.size(), 2U);
  EXPECT_EQ(index.skipped[0].code, "not_dicom");
}

TEST(IndexDicom, KeepsPatientsAndStudiesApart) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "a", MrSlice(1, 0));
  test::WriteDicom(folder.path() / "b", MrSlice(2, 4).Set(0x0010, 0x0020, "LO", "patient-2"));
  test::WriteDicom(folder.path() / "c", MrSlice(3, 8).Set(0x0020, 0x000d, "UI", "1.2.99"));
  EXPECT_EQ(IndexDicom(folder.path()).studies.size(), 3U);
}

TEST(IndexDicom, UsesOneOfTwoCopiesAndSaysSo) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "a", MrSlice(1, 0));
  test::WriteDicom(folder.path() / "copy", MrSlice(1, 0));
  const Index index = IndexDicom(folder.path());
  EXPECT_EQ(index.studies.at(0).series.at(0).volumes.size(), 1U);
  ASSERT_EQ(index.skipped.size(), 1U);
  EXPECT_THAT(index.skipped[0].reason, HasSubstr("repeats the identity"));
  EXPECT_EQ(index.skipped[0].code, "duplicate_file");
}

TEST(IndexDicom, EveryTruncationOfAFileIsReadOrRefusedWithASentence) {
  const test::TemporaryFolder folder;
  const std::string whole = test::FileBytes(MrSlice(1, 0));
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    base::WriteFile(folder.path() / "file", std::string_view(whole).substr(0, length));
    const Index index = IndexDicom(folder.path());
    EXPECT_EQ(index.studies.size() + index.skipped.size(), 1U) << length;
    if (!index.skipped.empty()) {
      EXPECT_THAT(index.skipped[0].reason, HasSubstr("file"));
    }
  }
}

// A slice takes far more memory than the claim that it is there.
TEST(IndexDicom, AFewBytesThatClaimThousandsOfSlicesAreNoSeries) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "frames", MrSlice(1, 0).Set(0x0028, 0x0008, "IS", "90000"));
  const test::DicomItem mosaics = MrSlice(2, 0)
                                      .Set(0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\M\\VFRAME")
                                      .Set(0x0028, 0x0008, "IS", "60")
                                      .SetUs(0x0028, 0x0010, 512)
                                      .SetUs(0x0028, 0x0011, 512)
                                      .Set(0x0065, 0x0010, "LO", "Image Private Header")
                                      .SetSequence(0x0065, 0x1051, std::vector<test::DicomItem>(64));
  test::WriteDicom(folder.path() / "mosaics", mosaics);
  const Index index = IndexDicom(folder.path());
  EXPECT_TRUE(index.studies.empty());
  ASSERT_EQ(index.skipped.size(), 2U);
  EXPECT_THAT(index.skipped[0].reason, HasSubstr("claims to hold 90000 frames"));
  EXPECT_THAT(index.skipped[1].reason, HasSubstr("claims to hold 60 frames of 64 slices each"));
}

TEST(IndexDicom, WhatIsLeftOutHasTheNameOfItsReason) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "a", MrSlice(1, 0).Erase(0x0020, 0x000d));
  base::WriteFile(folder.path() / "b", std::string_view(test::FileBytes(MrSlice(1, 0))).substr(0, 300));
  const Index index = IndexDicom(folder.path());
  ASSERT_EQ(index.skipped.size(), 2U);
  EXPECT_EQ(index.skipped[0].code, "identity_missing");
  EXPECT_THAT(index.skipped[1].code, testing::AnyOf("file_unreadable", "identity_missing"));
}

TEST(IndexDicom, ObjectsWithoutImagesAreSeriesWithoutVolumes) {
  const test::TemporaryFolder folder;
  test::WriteDicom(
      folder.path() / "report",
      MrSlice(1, 0).Set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.88.34").Set(0x0008, 0x0060, "CS", "SR"));
  EXPECT_TRUE(IndexDicom(folder.path()).studies.at(0).series.at(0).volumes.empty());
}

TEST(IndexDicom, AMissingFolderIsAnErrorThatNamesIt) {
  try {
    IndexDicom("/nowhere/here");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::kIo);
    EXPECT_THAT(error.message(), HasSubstr("/nowhere/here"));
  }
}

TEST(IndexDicom, DescriptionsAreReadInTheirCharacterSet) {
  const test::TemporaryFolder folder;
  test::WriteDicom(
      folder.path() / "a",
      MrSlice(1, 0).Set(0x0008, 0x0005, "CS", "ISO_IR 100").Set(0x0008, 0x103e, "LO", "t2 axial t\xEAte\x1b[2J"));
  EXPECT_EQ(IndexDicom(folder.path()).studies.at(0).series.at(0).description, "t2 axial tête [2J");
}

}  // namespace
}  // namespace parotis::dicom
