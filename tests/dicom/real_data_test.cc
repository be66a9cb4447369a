// Scanners' own files, against what an independent converter (dcm2niix) made of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numeric>
#include <set>
#include <sstream>

#include "base/error.h"
#include "base/files.h"
#include "dicom/gradient_frame.h"
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

std::vector<double> NumbersIn(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istream_iterator<double>(stream), {}};
}

// b-values below 5 count as 0; others agree within 1 s/mm² or 0.5 %.
bool SameBValue(double ours, double reference) {
  if (ours < 5 && reference < 5) return true;
  return std::abs(ours - reference) <= std::max(1.0, 0.005 * reference);
}

TEST_P(Vendor, BValuesAreThoseOfTheReferenceInTheSameOrder) {
  const std::vector<double> expected = NumbersIn(FileWithEnding(folder_, ".bval"));
  ASSERT_FALSE(expected.empty());
  const Series series = MainSeries(folder_);
  ASSERT_EQ(series.volumes.size(), expected.size());
  for (std::size_t v = 0; v < expected.size(); ++v) {
    EXPECT_EQ(series.volumes[v].problem.message, "");
    EXPECT_TRUE(series.volumes[v].flags.empty());
    ASSERT_TRUE(series.volumes[v].b_value_s_mm2) << v;
    EXPECT_TRUE(SameBValue(*series.volumes[v].b_value_s_mm2, expected[v])) << v;
  }
}

// The reference's grids are ours with the columns turned over, so that its axes are left-handed: FSL's frame is then
// that of the axes (i along rows, j against columns, k along the normal).
TEST_P(Vendor, DirectionsAreThoseOfTheReferenceWithinOneDegree) {
  const std::vector<double> bvec = NumbersIn(FileWithEnding(folder_, ".bvec"));
  const Series series = MainSeries(folder_);
  const std::size_t count = series.volumes.size();
  ASSERT_EQ(bvec.size(), 3 * count);
  int compared = 0;
  for (std::size_t v = 0; v < count; ++v) {
    const image::Vector3 expected = {bvec[v], bvec[count + v], bvec[2 * count + v]};
    if (*series.volumes[v].b_value_s_mm2 < 10) continue;
    ASSERT_TRUE(series.volumes[v].gradient_world) << v;
    const image::Geometry& grid = series.volumes[v].geometry;
    image::Vector3 along{};  // our axes
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t d = 0; d < 3; ++d) along[a] += (*series.volumes[v].gradient_world)[d] * grid.direction[d][a];
    }
    EXPECT_LT(AngleBetweenAxesDegrees({along[0], -along[1], along[2]}, expected), 1) << v;
    ++compared;
  }
  EXPECT_GE(compared, 6);
}

class VendorWithVolumes : public Vendor {
 protected:
  std::vector<image::Volume> Reference() const {
    const fs::path plain = FileWithEnding(folder_, ".nii");
    return image::ReadNiftiSeries(plain.empty() ? FileWithEnding(folder_, ".nii.gz") : plain);
  }
};

TEST_P(VendorWithVolumes, VoxelsAreThoseOfTheReferenceAtTheSamePlaceInThePatient) {
  const auto reference = Reference();
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

// Columns of the reference run the other way: its first row is our last.
TEST_P(VendorWithVolumes, TheAffineIsThatOfTheReferenceWithItsRowsTurnedOver) {
  const image::Geometry reference = Reference().at(0).geometry;
  const image::Geometry ours = MainSeries(folder_).volumes.at(0).geometry;
  ASSERT_EQ(ours.size, reference.size);
  const auto last_row = static_cast<double>(ours.size[1] - 1);
  const image::Vector3 origin = image::WorldFromVoxel(ours, {0, last_row, 0});
  for (std::size_t d = 0; d < 3; ++d) {
    EXPECT_NEAR(origin[d], reference.origin_world[d], 1e-4 * std::max(1.0, std::abs(origin[d])));
    for (std::size_t a = 0; a < 3; ++a) {
      const double sign = a == 1 ? -1 : 1;
      EXPECT_NEAR(sign * ours.direction[d][a] * ours.spacing_mm[a], reference.direction[d][a] * reference.spacing_mm[a],
                  1e-4);
    }
  }
}

// Every folder of the two collections that has b-values, and every one that has volumes: none is left out.
const auto kFolders = {
    "dwi-vendors/siemens-mosaic", "dwi-vendors/ge",     "dwi-vendors/philips",      "dwi-vendors/uih",
    "dwi-vendors/canon",          "enhanced/canon-dwi", "enhanced/siemens-xa30-dwi"};
const auto kFoldersWithVolumes = {"dwi-vendors/ge", "dwi-vendors/uih", "enhanced/canon-dwi"};

INSTANTIATE_TEST_SUITE_P(RealData, Vendor, testing::ValuesIn(kFolders));
INSTANTIATE_TEST_SUITE_P(RealData, VendorWithVolumes, testing::ValuesIn(kFoldersWithVolumes));

TEST(RealData, EveryReferenceIsCompared) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  std::set<std::string> with_b_values;
  std::set<std::string> with_volumes;
  for (const char* collection : {"dwi-vendors", "enhanced"}) {
    for (const auto& entry : fs::directory_iterator(test::SharedData() / collection)) {
      const std::string name = std::string(collection) + "/" + entry.path().filename().string();
      if (!FileWithEnding(entry.path(), ".bval").empty()) with_b_values.insert(name);
      if (!FileWithEnding(entry.path(), ".nii").empty() || !FileWithEnding(entry.path(), ".nii.gz").empty())
        with_volumes.insert(name);
    }
  }
  EXPECT_THAT(with_b_values, testing::UnorderedElementsAreArray(kFolders.begin(), kFolders.end()));
  EXPECT_THAT(with_volumes, testing::UnorderedElementsAreArray(kFoldersWithVolumes.begin(), kFoldersWithVolumes.end()));
}

TEST(RealData, AMosaicIsPlacedByItsProtocolAsByItsCsaHeader) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const test::TemporaryFolder folder;
  const fs::path original =
      fs::directory_iterator(test::SharedData() / "dwi-vendors" / "siemens-mosaic" / "dicom")->path();
  std::string bytes = base::ReadFile(original);
  const auto normal = bytes.find("SliceNormalVector");
  ASSERT_NE(normal, std::string::npos);
  bytes[normal] = 'X';  // the element is then another one
  base::WriteFile(folder.path() / "a", std::string_view(bytes));
  const Series by_protocol = MainSeries(folder.path());
  const Series by_csa = MainSeries(original);
  ASSERT_EQ(by_protocol.volumes.size(), 1U);
  EXPECT_EQ(by_protocol.volumes[0].problem.message, "");
  EXPECT_TRUE(image::SameGrid(by_protocol.volumes[0].geometry, by_csa.volumes.at(0).geometry));
  EXPECT_THAT(LoadVolume(by_protocol, 0).voxels, testing::ContainerEq(LoadVolume(by_csa, 0).voxels));
}

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
