#include "plan/fingerprint.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "base/random.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace parotis::plan {
namespace {

namespace fs = std::filesystem;
using dataset::Case;
using image::Geometry;
using test::ErrorOf;
using testing::AllOf;
using testing::HasSubstr;

// 80 × 100 × 60 mm around the world's origin, voxels of 2 × 2.5 × 5 mm along x, y, z.
Geometry AxialGrid() {
  Geometry grid;
  grid.size = {40, 40, 12};
  grid.spacing_mm = {2, 2.5, 5};
  grid.origin_world = {-39, -48.75, -27.5};
  return grid;
}

// The same voxels, stored with slices from head to feet first, then rows to the right, then columns to the back.
Geometry OtherStorage() {
  Geometry grid;
  grid.size = {12, 40, 40};
  grid.spacing_mm = {5, 2, 2.5};
  grid.direction = {{{0, -1, 0}, {0, 0, 1}, {-1, 0, 0}}};
  grid.origin_world = {39, -48.75, 27.5};
  return grid;
}

// A bright ellipsoid of 50 × 60 × 40 mm; what is around it is `air` plus something between 0 and `noise`.
Case Ellipsoid(const std::string& id, const Geometry& grid, float air, float noise, double size = 1) {
  Case examination;
  examination.id = id;
  examination.grid = grid;
  examination.channel_names = {"T2"};
  image::Volume volume(grid);
  examination.truth = image::LabelVolume(grid);
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        const auto p =
            image::WorldFromVoxel(grid, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        const double radius = std::hypot(p[0] / 25, p[1] / 30, p[2] / 20) / size;
        base::Random random(7, {static_cast<std::uint64_t>(std::lround(p[0]) + 100),
                                static_cast<std::uint64_t>(std::lround(4 * p[1]) + 400),
                                static_cast<std::uint64_t>(std::lround(4 * p[2]) + 400)});
        volume.At(i, j, k) = radius < 1 ? static_cast<float>(random.Uniform(400, 600))
                                        : air + static_cast<float>(random.Uniform(0, noise));
        if (radius < 0.3) examination.truth->At(i, j, k) = 1;
      }
    }
  }
  examination.channels.push_back(std::move(volume));
  return examination;
}

void WriteDataset(const fs::path& folder, const std::vector<Case>& cases) {
  dataset::DatasetWriter writer(folder, "D", cases[0].channel_names, {"background", "a", "b"}, "");
  for (const Case& one : cases) {
    writer.Add(one, {.patient_id = one.id, .case_id = one.id, .diagnosis = "", .columns = {}});
  }
  writer.Finish();
}

Fingerprint FingerprintOf(const std::vector<Case>& cases, int threads = 1) {
  const test::TemporaryFolder folder;
  WriteDataset(folder.path(), cases);
  return TakeFingerprint(dataset::OpenDataset(folder.path()), threads);
}

TEST(Fingerprint, IsTheSameHoweverThePatientIsStored) {
  const Fingerprint axial = FingerprintOf({Ellipsoid("c", AxialGrid(), 0, 30)});
  const Fingerprint other = FingerprintOf({Ellipsoid("c", OtherStorage(), 0, 30)});
  EXPECT_EQ(ToJson(axial).dump(2), ToJson(other).dump(2));
  EXPECT_THAT(axial.median_spacing_mm, testing::ElementsAre(2, 2.5, 5));
}

TEST(Fingerprint, ABodyInNoisyAirIsCroppedToTheBody) {
  const Fingerprint fingerprint = FingerprintOf({Ellipsoid("c", AxialGrid(), 0, 30)});
  EXPECT_EQ(fingerprint.crop, CropRule::kBody);
  EXPECT_NEAR(fingerprint.median_extent_mm[0], 50, 2.01);
  EXPECT_NEAR(fingerprint.median_extent_mm[1], 60, 2.51);
  EXPECT_NEAR(fingerprint.median_extent_mm[2], 40, 5.01);
}

TEST(Fingerprint, ZerosThatHugTheBodyAskForTheNonzeroCrop) {
  EXPECT_EQ(FingerprintOf({Ellipsoid("c", AxialGrid(), 0, 0)}).crop, CropRule::kNonzero);
}

TEST(Fingerprint, ABodyThatFillsTheImageIsNotCropped) {
  const Fingerprint fingerprint = FingerprintOf({Ellipsoid("c", AxialGrid(), 0, 30, 1.7)});
  EXPECT_EQ(fingerprint.crop, CropRule::kNone);
  EXPECT_THAT(fingerprint.median_extent_mm, testing::ElementsAre(80, 100, 60));
}

TEST(Fingerprint, TellsABodyWithAirBesideItFromACutOut) {
  EXPECT_EQ(FingerprintOf({Ellipsoid("c", AxialGrid(), 0, 30)}).median_cut_share, 0);
  EXPECT_GT(FingerprintOf({Ellipsoid("c", AxialGrid(), 0, 30, 5)}).median_cut_share, 0.8);
  EXPECT_EQ(FingerprintOf({Ellipsoid("c", OtherStorage(), 0, 30, 5)}).median_cut_share,
            FingerprintOf({Ellipsoid("c", AxialGrid(), 0, 30, 5)}).median_cut_share);
}

TEST(Fingerprint, IntensitiesAreThoseInsideTheBody) {
  const auto quantiles = FingerprintOf({Ellipsoid("c", AxialGrid(), 0, 30)}).intensity.at("T2");
  EXPECT_GT(quantiles[1], 400) << "the image is mostly air, the body is not";
  EXPECT_NEAR(quantiles[2], 500, 20);
  EXPECT_NEAR(quantiles[4], 599, 3);
}

TEST(Fingerprint, CountsLabelsAndTheirVolumesPerCase) {
  Case second = Ellipsoid("c2", AxialGrid(), 0, 30);
  for (std::uint8_t& label : second.truth->voxels) label = 0;
  second.truth->voxels[0] = 2;
  Case third = second;
  third.id = "c3";
  third.truth->voxels[1] = third.truth->voxels[2] = 2;
  third.channels[0].voxels[0] += 1;
  const Fingerprint fingerprint = FingerprintOf({Ellipsoid("c1", AxialGrid(), 0, 30), second, third});
  EXPECT_EQ(fingerprint.cases, 3);
  EXPECT_EQ(fingerprint.cases_with_label.at("a"), 1);
  EXPECT_EQ(fingerprint.cases_with_label.at("b"), 2);
  EXPECT_NEAR(fingerprint.median_volume_ml.at("b"), (1 + 3) / 2.0 * 0.025, 1e-9);
  EXPECT_NEAR(fingerprint.median_volume_ml.at("a"), 4.0 / 3 * 3.14159 * 7.5 * 9 * 6 / 1000, 0.3);
}

TEST(Fingerprint, IsTheSameForAnyNumberOfThreads) {
  std::vector<Case> cases;
  for (int c = 0; c < 7; ++c) cases.push_back(Ellipsoid(fmt::format("c{}", c), AxialGrid(), 0, 30, 0.8 + 0.05 * c));
  const Fingerprint one = FingerprintOf(cases, 1);
  EXPECT_EQ(ToJson(FingerprintOf(cases, 4)).dump(), ToJson(one).dump());
  EXPECT_GT(one.largest_extent_mm[0], one.median_extent_mm[0]);
}

TEST(Fingerprint, LooksAtLabelledTrainingCasesOnly) {
  const test::TemporaryFolder folder;
  const std::vector<Case> cases = {Ellipsoid("c1", AxialGrid(), 0, 30), Ellipsoid("c2", AxialGrid(), 0, 30, 1.7),
                                   Ellipsoid("c3", AxialGrid(), 0, 30, 1.6)};
  WriteDataset(folder.path(), cases);
  fs::remove(folder.path() / "labelsTr/c2.nii.gz");
  for (const char* kind : {"images", "labels"}) {
    const std::string file = kind == std::string("images") ? "c3_0000.nii.gz" : "c3.nii.gz";
    fs::create_directories(folder.path() / (std::string(kind) + "Ts"));
    fs::rename(folder.path() / (std::string(kind) + "Tr") / file, folder.path() / (std::string(kind) + "Ts") / file);
  }
  const Fingerprint fingerprint = TakeFingerprint(dataset::OpenDataset(folder.path()), 1);
  EXPECT_EQ(fingerprint.cases, 1);
  EXPECT_NEAR(fingerprint.largest_extent_mm[0], 50, 8);
  fs::remove(folder.path() / "labelsTr/c1.nii.gz");
  EXPECT_THAT(ErrorOf([&] { TakeFingerprint(dataset::OpenDataset(folder.path()), 1); }),
              HasSubstr("no case with a label"));
}

TEST(Fingerprint, AChannelThatOneCaseLacksIsTakenFromTheOthers) {
  Case both = Ellipsoid("c1", AxialGrid(), 0, 30);
  both.channel_names = {"T2", "ADC"};
  both.channels.push_back(image::Volume(both.grid, 1000.0F));
  Fingerprint fingerprint = FingerprintOf({both, Ellipsoid("c2", AxialGrid(), 0, 30)});
  EXPECT_EQ(fingerprint.cases, 2);
  EXPECT_EQ(fingerprint.intensity.at("ADC")[2], 1000);
}

TEST(Fingerprint, AnErrorNamesItsCase) {
  const test::TemporaryFolder folder;
  WriteDataset(folder.path() / "d", {Ellipsoid("c2", AxialGrid(), 0, 30)});
  fs::resize_file(folder.path() / "d/imagesTr/c2_0000.nii.gz", 100);
  EXPECT_THAT(ErrorOf([&] { TakeFingerprint(dataset::OpenDataset(folder.path() / "d"), 1); }),
              AllOf(HasSubstr("c2_0000.nii.gz"), HasSubstr("fingerprint of case c2")));
}

}  // namespace
}  // namespace parotis::plan
