#include "dicom/identity_in_pixels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dicom/deidentify.h"
#include "dicom/pixels.h"
#include "tests/support/dicom_file.h"
#include "tests/support/planted_text.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;

// A picture of 96 × 64 pixels, with or without text.
test::DicomItem PictureAt(int instance, bool with_text) {
  image::Geometry grid;
  grid.size = {96, 64, 1};
  image::Volume picture(grid);
  base::Random random(static_cast<std::uint64_t>(instance));
  for (float& value : picture.voxels) value = static_cast<float>(20 + random.Integer(30));
  test::DrawnText text;
  text.text = "MUSTER 1957", text.ink = 1000, text.height = 8;
  if (with_text) Draw(picture, 0, text);
  std::string pixels;
  for (const float value : picture.voxels) pixels += test::LittleEndian(static_cast<std::uint32_t>(value), 2);
  test::DicomItem item = test::MrSlice(instance, 4.0 * instance);
  item.SetUs(0x0028, 0x0010, 64).SetUs(0x0028, 0x0011, 96).Set(0x7fe0, 0x0010, "OW", pixels);
  return item;
}

std::vector<DeidentifiedFile> RunOn(const test::TemporaryFolder& folder, bool allow) {
  DeidentifyOptions options;
  options.key = "key";
  options.allow_burned_in = allow;
  return Deidentify(IndexDicom(folder.path() / "in"), folder.path() / "out", options);
}

TEST(TextInPixels, TheSeriesIsNotLetOutAndTheMessageNamesFileAndPlace) {
  const test::TemporaryFolder folder;
  for (int n = 1; n <= 3; ++n) test::WriteDicom(folder.path() / "in" / std::to_string(n), PictureAt(n, n == 2));
  const auto files = RunOn(folder, false);
  ASSERT_EQ(files.size(), 3U);
  for (const DeidentifiedFile& file : files) {
    EXPECT_EQ(file.code, "text_in_pixels");
    EXPECT_THAT(file.sentence, testing::AllOf(testing::HasSubstr(".dcm"), testing::HasSubstr("characters at column")));
    EXPECT_THAT(file.sentence, testing::Not(testing::HasSubstr(folder.path().string())));
  }
}

TEST(TextInPixels, ItIsLetOutWhenAllowedAndTheReportSaysSo) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "in" / "a", PictureAt(1, true));
  const auto files = RunOn(folder, true);
  EXPECT_TRUE(files.at(0).written());
  EXPECT_EQ(ReportOf(files)["flags"].at(0)["code"], "text_in_pixels");
}

TEST(TextInPixels, CleanPicturesAreLetOut) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "in" / "a", PictureAt(1, false));
  EXPECT_TRUE(RunOn(folder, false).at(0).written());
}

// Every volume of every series of MR among the public data.
TEST(TextInPixels, NoneIsSeenInPublicSeries) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  int looked_at = 0;
  for (const char* folder : {"study-brain-tumour", "study-prostate-dwi", "dwi-vendors", "enhanced", "odd-dicom"}) {
    for (const Study& study : IndexDicom(test::SharedData() / folder).studies) {
      for (const Series& series : study.series) {
        if (series.modality != "MR") continue;
        const auto text = FindTextIn(series);
        EXPECT_FALSE(text.has_value()) << NameOf(series) << ": " << privacy::Describe(text->line);
        ++looked_at;
      }
    }
  }
  EXPECT_GE(looked_at, 20);
}

TEST(FaceRecognisable, InPublicHeadsAndNotInAProstate) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const auto faces_in = [](const char* folder) {
    return FindFacesIn(IndexDicom(test::SharedData() / folder).studies.at(0));
  };
  const auto head = faces_in("study-brain-tumour");
  ASSERT_EQ(head.size(), 4U);
  for (const FaceInSeries& face : head)
    EXPECT_TRUE(face.image.face.recognisable()) << privacy::Describe(face.image.face);
  EXPECT_EQ(MostRecognisable(faces_in("study-prostate-dwi")), nullptr);
}

}  // namespace
}  // namespace parotis::dicom
