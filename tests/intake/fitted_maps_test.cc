// Fitted maps as channels: from files to the case.
#include "intake/fitted_maps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "dataset/dataset.h"
#include "dicom/index.h"
#include "intake/import.h"
#include "intake/load_case.h"
#include "intake/select_study.h"
#include "tests/intake/study_files.h"
#include "tests/support/decay_curves.h"
#include "tests/support/enhancement_curves.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake {
namespace {

using test::DicomItem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<double> kManyB = {0, 20, 50, 100, 200, 500, 1000, 1500, 2000};
const test::Decay kTissue{20000, 1500, 0.08, 20000, 0.7};
const test::Decay kCube{20000, 800, 0.2, 60000, 0.9};

// T2 as in WriteStudy, and diffusion at `b_values`, in `directions` each with `averages`.
void WriteManyB(const std::filesystem::path& folder, const std::vector<double>& b_values, int directions = 1,
                int averages = 1) {
  WriteVolume(
      folder, kT2Grid, "1.2.3.1", 1, [](double x, double y, double z) { return InCube(x, y, z) ? 900 : 300; },
      [](DicomItem& item) { item.Set(0x0020, 0x0011, "IS", "1").Set(0x0008, 0x103e, "LO", "t2_tse_tra"); });
  int instance = 1;
  for (const double b : b_values) {
    for (int n = 0; n < (b > 0 ? directions * averages : 1); ++n) {
      const int direction = n % directions;
      // Directions differ, and their geometric mean is the signal.
      const double factor = directions == 1 ? 1 : std::exp(1e-4 * b * (direction - 0.5 * (directions - 1)));
      WriteVolume(
          folder, kDiffusionGrid, "1.2.3.2", instance,
          [&](double x, double y, double z) { return factor * (InCube(x, y, z) ? kCube : kTissue).Signal(b); },
          [&](DicomItem& item) {
            item.SetFd(0x0018, 0x9087, {b}).Set(0x0018, 0x0020, "CS", "EP").Set(0x0020, 0x0011, "IS", "2");
            item.Set(0x0008, 0x103e, "LO", "ep2d_diff_tra");
            if (directions == 1 || b == 0) return;
            std::vector<double> axis(3, 0);
            axis[static_cast<std::size_t>(direction)] = 1;
            item.SetFd(0x0018, 0x9089, axis);
          });
      instance += kDiffusionGrid.slices;
    }
  }
}

constexpr double kArrival_s = 24;
const test::Kinetics kFast{0.6, 0.30, 0.02};
const test::Kinetics kSlow{0.10, 0.35, 0.015};

// A dynamic series on the diffusion's grid: the cube enhances fast, the rest slowly.
void WriteDynamic(const std::filesystem::path& folder, int frames, double every_s = 10, double strength = 1) {
  std::vector<double> times;
  for (int n = 0; n < frames; ++n) times.push_back(n * every_s);
  const auto fast = test::FramesOf(test::Enhancement(kFast, 1000), times, every_s, kArrival_s);
  const auto slow = test::FramesOf(test::Enhancement(kSlow, 1000), times, every_s, kArrival_s);
  for (int n = 0; n < frames; ++n) {
    const auto f = static_cast<std::size_t>(n);
    WriteVolume(
        folder, kDiffusionGrid, "1.2.3.7", 1 + n * kDiffusionGrid.slices,
        [&](double x, double y, double z) { return 1000 * (1 + strength * (InCube(x, y, z) ? fast : slow)[f]); },
        [&](DicomItem& item) {
          const double second = 10 + n * every_s;
          item.Set(0x0020, 0x0011, "IS", "7").Set(0x0008, 0x103e, "LO", "dce_vibe").Set(0x0018, 0x0020, "CS", "GR");
          item.Set(0x0018, 0x0021, "CS", "SP").Set(0x0018, 0x0080, "DS", "4.5").Set(0x0018, 0x0081, "DS", "1.8");
          item.Set(0x0018, 0x1314, "DS", "12").Set(0x0018, 0x0010, "LO", "Gadovist");
          item.Set(0x0008, 0x0032, "TM",
                   fmt::format("10{:02}{:04.1f}", static_cast<int>(second) / 60, std::fmod(second, 60)));
        });
  }
}

dataset::Case LoadFrom(const std::filesystem::path& folder, const std::vector<std::string>& channels,
                       const LoadOptions& options = {}) {
  return LoadCase(SelectStudy(dicom::IndexDicom(folder), folder.string()), channels, options);
}

float ValueAt(const dataset::Case& loaded, const std::string& channel, double x, double y, double z) {
  const image::Volume& volume = *loaded.Find(channel);
  const auto at = image::VoxelFromWorld(volume.geometry, {x, y, z});
  return volume.At(std::lround(at[0]), std::lround(at[1]), std::lround(at[2]));
}

base::Error RefusalOf(const std::filesystem::path& folder, const std::vector<std::string>& channels) {
  try {
    LoadFrom(folder, channels);
  } catch (const base::Error& error) {
    return error;
  }
  return {base::ErrorKind::kInternal, "nothing was refused"};
}

void ExpectTissue(const dataset::Case& loaded, const test::Decay& truth, double x, double y, double z) {
  EXPECT_NEAR(ValueAt(loaded, "D", x, y, z) / truth.d_um2_s, 1, 0.03);
  EXPECT_NEAR(ValueAt(loaded, "F", x, y, z), truth.f, 0.01);
  EXPECT_NEAR(ValueAt(loaded, "DSTAR", x, y, z) / truth.dstar_um2_s, 1, 0.1);
  EXPECT_NEAR(ValueAt(loaded, "K", x, y, z), truth.k, 0.05);
}

TEST(FittedMaps, ManyBValuesGiveDiffusionPerfusionAndKurtosisOnTheT2sGrid) {
  const test::TemporaryFolder folder;
  WriteManyB(folder.path(), kManyB);
  const dataset::Case loaded = LoadFrom(folder.path(), {"T2", "D", "F", "DSTAR", "K", "ADC"});
  ExpectTissue(loaded, kCube, 12, -8, 20);
  ExpectTissue(loaded, kTissue, -12, 16, 8);
  EXPECT_THAT(loaded.grid.size, ElementsAre(48, 40, 12));
  const base::Json& entry = loaded.provenance["channels"]["K"];
  EXPECT_EQ(entry["fit"]["model"], "perfusion, diffusion and kurtosis");
  EXPECT_LT(entry["fit"]["residual_median"].get<double>(), 0.01);
  EXPECT_EQ(entry["b_values_s_mm2"].size(), kManyB.size());
  EXPECT_EQ(entry["derived"], true);
}

TEST(FittedMaps, DirectionsAndAveragesOfOneBValueAreCombined) {
  const test::TemporaryFolder folder;
  WriteManyB(folder.path(), kManyB, 3, 2);
  const dataset::Case loaded = LoadFrom(folder.path(), {"D", "F", "DSTAR", "K"});
  ExpectTissue(loaded, kCube, 12, -8, 20);
  ExpectTissue(loaded, kTissue, -12, 16, 8);
}

TEST(FittedMaps, WhatTheBValuesAllowIsOfferedAndTheRestRefusedWithWhatIsMissing) {
  const test::TemporaryFolder folder;
  WriteManyB(folder.path(), {0, 50, 100, 300, 600, 1000});
  const dataset::Case loaded = LoadFrom(folder.path(), {"D", "F", "DSTAR"});
  EXPECT_EQ(loaded.provenance["channels"]["F"]["fit"]["model"], "perfusion and diffusion (IVIM)");
  const base::Error refusal = RefusalOf(folder.path(), {"K"});
  EXPECT_EQ(refusal.code(), "b_values_insufficient");
  EXPECT_THAT(refusal.message(), HasSubstr("channel K needs a b-value of 1500 s/mm² or more; the study has b 0, 50"));
}

TEST(FittedMaps, TwoBValuesGiveNone) {
  const test::TemporaryFolder folder;
  WriteStudy(folder.path());
  const StudyRoles roles = AssignRoles(SelectStudy(dicom::IndexDicom(folder.path()), "folder"));
  EXPECT_THAT(AvailableChannels(roles), ElementsAre("T2", "T1C", "B0", "B1000", "ADC"));
  EXPECT_EQ(RefusalOf(folder.path(), {"F"}).code(), "b_values_insufficient");
  EXPECT_THAT(RefusalOf(folder.path(), {"TTP"}).message(), HasSubstr("no series of the study serves channel TTP"));
}

TEST(FittedMaps, ADynamicSeriesGivesWashInTimeToPeakAndWashOut) {
  const test::TemporaryFolder folder;
  WriteManyB(folder.path(), {0, 1000});
  WriteDynamic(folder.path(), 36);
  const dataset::Case loaded = LoadFrom(folder.path(), {"T2", "WASHIN", "TTP", "WASHOUT"});
  const auto fast = test::FactsOf(test::Enhancement(kFast, 330)), slow = test::FactsOf(test::Enhancement(kSlow, 330));
  EXPECT_NEAR(ValueAt(loaded, "TTP", 12, -8, 20), fast.time_to_peak_s, 12);
  EXPECT_NEAR(ValueAt(loaded, "WASHOUT", 12, -8, 20), fast.wash_out_percent, 4);
  EXPECT_NEAR(ValueAt(loaded, "WASHIN", 12, -8, 20) / fast.wash_in_percent_s, 0.7, 0.15);
  EXPECT_NEAR(ValueAt(loaded, "TTP", -12, 16, 8), slow.time_to_peak_s, 20);
  EXPECT_NEAR(ValueAt(loaded, "WASHOUT", -12, 16, 8), slow.wash_out_percent, 3);
  const base::Json& fit = loaded.provenance["channels"]["WASHOUT"]["fit"];
  EXPECT_EQ(fit["frames"], 36);
  EXPECT_EQ(fit["times_from"], "(0008,0032)");
  EXPECT_EQ(fit["read_at_s"], 300);
  EXPECT_NEAR(fit["arrival_s"].get<double>(), kArrival_s, 6);
  EXPECT_EQ(loaded.provenance["flags"], base::Json::array());
}

TEST(FittedMaps, ADynamicSeriesThatEndsTooSoonOrShowsNoAgentIsRefusedByName) {
  const test::TemporaryFolder shorter, without;
  WriteManyB(shorter.path(), {0, 1000});
  WriteDynamic(shorter.path(), 29);  // 280 s, but only 256 after the arrival
  EXPECT_NO_THROW(LoadFrom(shorter.path(), {"WASHIN", "TTP"}));
  const base::Error too_short = RefusalOf(shorter.path(), {"WASHOUT"});
  EXPECT_EQ(too_short.code(), "dce_incomplete");
  EXPECT_THAT(too_short.message(), HasSubstr("needs 270 s"));
  WriteManyB(without.path(), {0, 1000});
  WriteDynamic(without.path(), 36, 10, 0.001);
  EXPECT_THAT(RefusalOf(without.path(), {"TTP"}).message(), HasSubstr("no contrast agent arrives"));
}

TEST(FittedMaps, WhereTheModelMissesTheSignalTheMapIsFlagged) {
  image::Geometry grid;
  grid.size = {3, 1, 1};
  image::Volume residual(grid, 0.2F);
  image::LabelVolume fitted(grid, 1);
  residual.voxels[0] = 9;
  fitted.voxels[0] = 0;
  const FitQuality quality = QualityOf(residual, fitted);
  EXPECT_EQ(quality.voxels, 2);
  MadeChannel made;
  FlagPoorFit("K", quality, made);
  ASSERT_EQ(made.flags.size(), 1U);
  EXPECT_EQ(made.flags[0].first, "map_fits_poorly");
  FlagPoorFit("K", {2, 0.05}, made);
  EXPECT_EQ(made.flags.size(), 1U);
}

TEST(FittedMaps, AreImportedWhenSomebodySaysSoAndWhatHindersOneIsAFlag) {
  const test::TemporaryFolder folder;
  WriteManyB(folder.path() / "dicom", kManyB);
  WriteDynamic(folder.path() / "dicom", 29);
  const dicom::Index index = dicom::IndexDicom(folder.path() / "dicom");
  ImportOptions options;
  options.key = "pepper";
  EXPECT_THAT(ImportStudies(index, folder.path() / "plain", options).at(0).channels,
              ElementsAre("T2", "B0", "B1000", "ADC"));
  options.maps = true;
  const ImportedStudy study = ImportStudies(index, folder.path() / "maps", options).at(0);
  EXPECT_THAT(study.channels, ElementsAre("T2", "B0", "B1000", "ADC", "D", "F", "DSTAR", "K", "WASHIN", "TTP"));
  EXPECT_THAT(study.flags, Contains("dce_incomplete"));
  EXPECT_THAT(dataset::OpenDataset(folder.path() / "maps").channel_names, Contains("TTP"));
  options.maps = false;
  options.channels = {"T2", "WASHOUT"};
  EXPECT_EQ(ImportStudies(index, folder.path() / "required", options).at(0).code, "dce_incomplete");
}

}  // namespace
}  // namespace parotis::intake
