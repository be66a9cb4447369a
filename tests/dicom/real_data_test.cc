// Scanners' own files, against what an independent converter (dcm2niix) made of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numeric>
#include <sstream>

#include "base/error.h"
#include "dicom/index.h"
#include "dicom/pixels.h"
#include "image/nifti.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;

fs::path FileWithEnding(const fs::path& folder, const std::string& ending) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().string().ends_with(ending)) return entry.path();
  }
  return {};
}

// The series with the most volumes: archives keep presentation states and raw data beside it.
Series MainSeries(const fs::path& folder) {
  Series best;
  for (const Study& study : IndexDicom(folder).studies) {
    for (const Series& series : study.series) {
      if (series.volumes.size() > best.volumes.size()) best = series;
    }
  }
  return best;
}

std::vector<image::Volume> LoadAll(const Series& series) {
  std::vector<std::size_t> which(series.volumes.size());
  std::iota(which.begin(), which.end(), 0U);
  return LoadVolumes(series, which);
}

class Vendor : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
    folder_ = test::SharedData() / GetParam();
  }
  fs::path folder_;
};

TEST_P(Vendor, BValuesAreThoseOfTheReferenceInTheSameOrder) {
  std::ifstream file(FileWithEnding(folder_, ".bval"));
  std::vector<double> expected{std::istream_iterator<double>(file), {}};
  ASSERT_FALSE(expected.empty());
  const Series series = MainSeries(folder_);
  ASSERT_EQ(series.volumes.size(), expected.size());
  for (std::size_t v = 0; v < expected.size(); ++v) {
    EXPECT_EQ(series.volumes[v].problem.message, "");
    EXPECT_NEAR(series.volumes[v].b_value_s_mm2.value_or(-1), expected[v], 1e-3) << v;
  }
}

class VendorWithVolumes : public Vendor {};

TEST_P(VendorWithVolumes, VoxelsAreThoseOfTheReferenceAtTheSamePlaceInThePatient) {
  const fs::path plain = FileWithEnding(folder_, ".nii");
  const fs::path nifti = plain.empty() ? FileWithEnding(folder_, ".nii.gz") : plain;
  const auto reference = image::ReadNiftiSeries(nifti);
  const auto volumes = LoadAll(MainSeries(folder_));
  ASSERT_EQ(volumes.size(), reference.size());
  std::int64_t different = 0;
  for (std::size_t v = 0; v < volumes.size(); ++v) {
    const image::Geometry& grid = volumes[v].geometry;
    for (std::int64_t n = 0; n < grid.voxel_count(); ++n) {
      const std::int64_t i = n % grid.size[0];
      const std::int64_t j = n / grid.size[0] % grid.size[1];
      const std::int64_t k = n / grid.size[0] / grid.size[1];
      const auto world =
          image::WorldFromVoxel(grid, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
      const auto at = image::VoxelFromWorld(reference[v].geometry, world);
      const float expected = reference[v].At(std::lround(at[0]), std::lround(at[1]), std::lround(at[2]));
      if (volumes[v].At(i, j, k) != expected) ++different;
    }
  }
  EXPECT_EQ(different, 0);
}

INSTANTIATE_TEST_SUITE_P(RealData, Vendor,
                         testing::Values("dwi-vendors/siemens-mosaic", "dwi-vendors/ge", "dwi-vendors/philips",
                                         "dwi-vendors/uih", "dwi-vendors/canon", "enhanced/canon-dwi",
                                         "enhanced/siemens-xa30-dwi"));

INSTANTIATE_TEST_SUITE_P(RealData, VendorWithVolumes,
                         testing::Values("dwi-vendors/ge", "dwi-vendors/uih", "enhanced/canon-dwi"));

TEST(RealData, EnhancedImagesWithoutDiffusionHaveNoBValue) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  for (const char* folder : {"enhanced/siemens-xa10-bold", "enhanced/philips-fieldmap"}) {
    const Series series = MainSeries(test::SharedData() / folder);
    EXPECT_GE(series.volumes.size(), 2U);
    for (const SeriesVolume& volume : series.volumes) EXPECT_FALSE(volume.b_value_s_mm2) << folder;
    EXPECT_EQ(LoadAll(series).size(), series.volumes.size());
  }
}

TEST(RealData, OneImageInSixTransferSyntaxesGivesTheSameVoxels) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const fs::path folder = test::SharedData() / "odd-dicom";
  const auto load = [&](const char* name) {
    return LoadVolume(IndexDicom(folder / name).studies.at(0).series.at(0), 0);
  };
  const image::Volume native = load("MR_small.dcm");
  for (const char* name : {"MR_small_implicit.dcm", "MR_small_bigendian.dcm", "MR_small_RLE.dcm",
                           "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm", "MR_small_expb.dcm"}) {
    EXPECT_THAT(load(name).voxels, testing::ContainerEq(native.voxels)) << name;
  }
}

TEST(RealData, EveryOddFileIsReadOrRefusedWithASentence) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(test::SharedData() / "odd-dicom")) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const Index index = IndexDicom(entry.path());
    ASSERT_EQ(index.studies.size() + index.skipped.size(), 1U) << entry.path();
    if (!index.skipped.empty()) {
      EXPECT_THAT(index.skipped[0].reason, testing::HasSubstr(entry.path().filename().string()));
      continue;
    }
    const Series& series = index.studies[0].series.at(0);
    for (std::size_t v = 0; v < series.volumes.size(); ++v) {
      try {
        EXPECT_EQ(LoadVolume(series, v).geometry.size, series.volumes[v].geometry.size);
      } catch (const base::Error& error) {
        EXPECT_GT(error.message().size(), 20U) << entry.path();
      }
    }
  }
  EXPECT_EQ(files, 176);
}

TEST(RealData, TheProstateStudysSeriesHaveTheirGeometryAndBValues) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const Index index = IndexDicom(test::SharedData() / "study-prostate-dwi");
  ASSERT_EQ(index.studies.size(), 1U);
  ASSERT_EQ(index.studies[0].series.size(), 5U);
  const Series& diffusion = index.studies[0].series[2];
  ASSERT_EQ(diffusion.volumes.size(), 3U);
  EXPECT_EQ(diffusion.volumes[1].b_value_s_mm2, 400);
  EXPECT_TRUE(diffusion.volumes[1].trace);
  EXPECT_THAT(diffusion.volumes[1].geometry.size, testing::ElementsAre(84, 128, 19));
  EXPECT_EQ(index.studies[0].series[0].plane, SlicePlane::kSagittal);
  EXPECT_EQ(index.studies[0].series[1].plane, SlicePlane::kAxial);
}

}  // namespace
}  // namespace parotis::dicom
