#include "dicom/convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "base/files.h"
#include "image/nifti.h"
#include "tests/support/dicom_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;
using test::MrSlice;

TEST(Convert, WritesEveryVolumeWithItsBValue) {
  const test::TemporaryFolder folder;
  for (int slice = 0; slice < 3; ++slice) {
    for (int volume = 0; volume < 2; ++volume) {
      const int instance = volume * 3 + slice + 1;
      test::WriteDicom(folder.path() / "in" / std::to_string(instance),
                       MrSlice(instance, 4.0 * slice).SetFd(0x0018, 0x9087, {volume * 850.0}));
    }
  }
  const Index index = IndexDicom(folder.path() / "in");
  const Converted converted = ConvertSeries(SelectSeries(index, "", "in"), folder.path() / "x.nii.gz");
  EXPECT_EQ(converted.volumes, 2U);
  EXPECT_EQ(base::ReadFile(folder.path() / "x.bval"), "0 850\n");
  EXPECT_EQ(image::ReadNiftiSeries(folder.path() / "x.nii.gz").size(), 2U);
  EXPECT_FALSE(fs::exists(folder.path() / "x.bvec"));
}

TEST(Convert, ASeriesInSeveralPlanesIsRefusedInOneSentence) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "a", MrSlice(1, 0));
  test::WriteDicom(folder.path() / "b", MrSlice(2, 0).Set(0x0020, 0x0037, "DS", "1\\0\\0\\0\\0\\-1"));
  const Index index = IndexDicom(folder.path());
  EXPECT_THROW(ConvertSeries(SelectSeries(index, "1", "in"), folder.path() / "x.nii.gz"), base::Error);
  EXPECT_THROW(SelectSeries(index, "2", "in"), base::Error);
  EXPECT_FALSE(fs::exists(folder.path() / "x.nii.gz"));
}

TEST(Convert, DirectionsFollowTheImagesAxesAndFslsRuleForRightHandedOnes) {
  image::Geometry grid{{2, 2, 2}, {1, 1, 1}, {0, 0, 0}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}};
  EXPECT_THAT(FslDirection({0.6, 0, 0.8}, grid), testing::ElementsAre(-0.6, 0, 0.8));
  grid.direction = {{{1, 0, 0}, {0, -1, 0}, {0, 0, 1}}};  // left-handed
  EXPECT_THAT(FslDirection({0.6, 0.8, 0}, grid), testing::ElementsAre(0.6, -0.8, 0));
  grid.direction = {{{0, 0, 1}, {1, 0, 0}, {0, 1, 0}}};  // i along y, j along z, k along x
  EXPECT_THAT(FslDirection({1, 0, 0}, grid), testing::ElementsAre(0, 0, 1));
}

// dcm2niix stores rows from the bottom: its second axis runs the other way, and its axes are left-handed, so that FSL's
// rule turns the first component over in our file and not in its.
TEST(Convert, DirectionsAreThoseOfTheReferenceConverter) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const fs::path folder = test::SharedData() / "dwi-vendors/siemens-mosaic";
  const Index index = IndexDicom(folder);
  const Series& series = SelectSeries(index, "", "mosaic");
  std::ifstream file(folder / "ep2d_diff_mddw_20_p2_20220407150138.bvec");
  const std::vector<double> reference{std::istream_iterator<double>(file), {}};
  const std::size_t count = series.volumes.size();
  ASSERT_EQ(reference.size(), 3 * count);
  for (std::size_t v = 1; v < count; ++v) {
    const image::Vector3 ours = FslDirection(*series.volumes[v].gradient_world, series.volumes[v].geometry);
    EXPECT_NEAR(ours[0], -reference[v], 1e-4);
    EXPECT_NEAR(ours[1], -reference[count + v], 1e-4);
    EXPECT_NEAR(ours[2], reference[2 * count + v], 1e-4);
  }
}

}  // namespace
}  // namespace parotis::dicom
