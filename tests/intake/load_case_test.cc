#include "intake/load_case.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"
#include "dicom/index.h"
#include "dicom/pixels.h"
#include "intake/select_study.h"
#include "tests/intake/study_files.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake {
namespace {

using dataset::Case;
using test::DicomItem;
using testing::HasSubstr;

const std::vector<std::string> kAll = {"T2", "T1C", "B0", "B1000", "ADC"};

Case Load(
    const std::vector<std::string>& channels, const LoadOptions& options = {},
    const std::function<void(DicomItem&, const std::string&)>& change = [](DicomItem&, const std::string&) {}) {
  const test::TemporaryFolder folder;
  WriteStudy(folder.path(), change);
  const dicom::Index index = dicom::IndexDicom(folder.path());
  return LoadCase(SelectStudy(index, folder.path().string()), channels, options);
}

float ValueAt(const image::Volume& volume, double x, double y, double z) {
  const auto at = image::VoxelFromWorld(volume.geometry, {x, y, z});
  return volume.At(std::lround(at[0]), std::lround(at[1]), std::lround(at[2]));
}

TEST(LoadCase, EveryChannelLiesOnTheT2sOwnGridAndShowsTheCubeAtItsPlaceInThePatient) {
  const Case loaded = Load(kAll);
  EXPECT_EQ(loaded.channel_names, kAll);
  EXPECT_THAT(loaded.grid.size, testing::ElementsAre(48, 40, 12));
  EXPECT_THAT(loaded.grid.origin_world, testing::ElementsAre(-24, -36, 0));
  EXPECT_EQ(ValueAt(*loaded.Find("T2"), 12, -8, 20), 900);
  EXPECT_EQ(ValueAt(*loaded.Find("T1C"), 12, -8, 20), 900);
  EXPECT_NEAR(ValueAt(*loaded.Find("ADC"), 12, -8, 20), kCubeAdc_um2_s, 1);
  for (const auto& [x, y, z] : std::vector<std::array<double, 3>>{{-12, -8, 20}, {12, 16, 20}, {12, -8, 4}}) {
    EXPECT_EQ(ValueAt(*loaded.Find("T2"), x, y, z), 300);
    EXPECT_NEAR(ValueAt(*loaded.Find("ADC"), x, y, z), kTissueAdc_um2_s, 3);
  }
}

TEST(LoadCase, AStudyOfMixedPatientsIsRefusedByName) {
  try {
    Load(kAll, {}, [](DicomItem& item, const std::string& uid) {
      item.Set(0x0010, 0x0030, "DA", uid == "1.2.3.2" ? "19600101" : "19700101");
    });
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "patient_contradictory");
  }
}

TEST(LoadCase, DifferentImagesAtOnePlaceAreRefusedAndEqualOnesFlagged) {
  const auto load_with_copy = [](bool changed) {
    const test::TemporaryFolder folder;
    WriteStudy(folder.path());
    std::string copy = base::ReadFile(folder.path() / "1.2.3.1-003");
    const auto uid = copy.find("1.2.3.1.3");  // of the instance
    copy[uid + 6] = '9';
    if (changed) copy.back() = '\x7f';
    base::WriteFile(folder.path() / "copy", std::string_view(copy));
    const dicom::Index index = dicom::IndexDicom(folder.path());
    return LoadCase(SelectStudy(index, "folder"), {"T2"});
  };
  const Case loaded = load_with_copy(false);
  EXPECT_EQ(loaded.provenance["flags"].at(0)["code"], "slices_duplicated");
  try {
    load_with_copy(true);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "slices_contradictory");
  }
}

TEST(LoadCase, B0AndB1000AreNotSwapped) {
  const Case loaded = Load({"B0", "B1000"});
  EXPECT_NEAR(ValueAt(*loaded.Find("B0"), 12, -8, 20), 4000, 1);
  EXPECT_NEAR(ValueAt(*loaded.Find("B1000"), 12, -8, 20), 4000 * std::exp(-0.7), 1);
}

TEST(LoadCase, AChannelSetDoesNotChangeTheGrid) { EXPECT_TRUE(image::SameGrid(Load({"ADC"}).grid, Load({"T2"}).grid)); }

TEST(LoadCase, ProvenanceNamesSeriesAndWhatWasDone) {
  const base::Json provenance = Load(kAll).provenance;
  EXPECT_EQ(provenance["reference"]["series_uid"], "1.2.3.1");
  EXPECT_EQ(provenance["channels"]["ADC"]["series_number"], 2);
  EXPECT_EQ(provenance["channels"]["ADC"]["derived"], true);
  EXPECT_THAT(provenance["channels"]["ADC"]["how"].get<std::string>(), HasSubstr("fit of b 0, 1000"));
  EXPECT_EQ(provenance["channels"]["B0"]["derived"], false);
  EXPECT_EQ(provenance["channels"]["T2"]["resampled"], "no");
  EXPECT_TRUE(provenance["flags"].empty());
}

// Where the signal rises with the b-value nothing is diffusion; the case says so and names what is left.
TEST(LoadCase, UnusableDiffusionImagesAreFlaggedWithTheModelThatIsLeft) {
  const auto exchange = [](DicomItem& item, const std::string& uid) {
    if (uid != "1.2.3.2") return;
    const bool weighted = item.Bytes().find(DicomItem().SetFd(0x0018, 0x9087, {1000}).Bytes()) != std::string::npos;
    item.SetFd(0x0018, 0x9087, {weighted ? 0.0 : 1000.0});
  };
  const Case loaded = Load({"T2", "B0", "ADC"}, {}, exchange);
  EXPECT_EQ(loaded.provenance["diffusion_quality"]["verdict"], "diffusion_unusable");
  EXPECT_EQ(loaded.provenance["diffusion_quality"]["fallback"], "structural");
  EXPECT_EQ(loaded.provenance["flags"].at(0)["code"], "diffusion_unusable");
  EXPECT_THAT(loaded.provenance["flags"].at(0)["message"].get<std::string>(), HasSubstr("rises with the b-value"));
  const Case good = Load({"B0", "ADC"});
  EXPECT_EQ(good.provenance["diffusion_quality"]["verdict"], "usable");
}

TEST(LoadCase, AnotherFrameOfReferenceIsRefusedOrFlagged) {
  const auto change = [](DicomItem& item, const std::string& uid) {
    if (uid == "1.2.3.3") item.Set(0x0020, 0x0052, "UI", "1.2.3.777");
  };
  try {
    Load({"T2", "T1C"}, {}, change);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::kRefused);
    EXPECT_THAT(error.message(), HasSubstr("frame of reference"));
  }
  LoadOptions force;
  force.accept_other_frames = true;
  EXPECT_EQ(Load({"T2", "T1C"}, force, change).provenance["flags"][0]["code"], "other_frame_of_reference");
}

TEST(LoadCase, ShownChannelsComeBehindAndMakeNotesInsteadOfFlags) {
  LoadOptions options;
  options.shown = kAll;
  const Case loaded = Load({"ADC"}, options);
  EXPECT_THAT(loaded.channel_names, testing::ElementsAre("ADC", "T2", "T1C", "B0", "B1000"));
  EXPECT_EQ(loaded.provenance["channels"]["T1C"]["use"], "shown only");
  EXPECT_FALSE(loaded.provenance["channels"]["ADC"].contains("use"));
  EXPECT_EQ(loaded.Find("T1C")->voxels, Load({"T1C"}).channels[0].voxels);

  const Case without = Load({"T2"}, options, [](DicomItem& item, const std::string& uid) {
    if (uid == "1.2.3.3") item.Set(0x0020, 0x0052, "UI", "1.2.3.777");
  });
  EXPECT_THAT(without.channel_names, testing::Not(testing::Contains("T1C")));
  EXPECT_TRUE(without.provenance["flags"].empty());
  EXPECT_THAT(without.provenance["notes"].dump(), HasSubstr("channel T1C is not shown: "));
}

TEST(LoadCase, AChannelThatIsNotThereIsNotMissedWhereItIsOnlyShown) {
  LoadOptions options;
  options.shown = {"T1C"};
  const Case loaded = Load({"T2"}, options, [](DicomItem& item, const std::string&) { item.Erase(0x0018, 0x0010); });
  EXPECT_THAT(loaded.channel_names, testing::ElementsAre("T2"));
}

TEST(LoadCase, AMissingChannelIsNamedWithTheRemedy) {
  const auto no_agent = [](DicomItem& item, const std::string&) { item.Erase(0x0018, 0x0010); };
  try {
    Load({"T1C"}, {}, no_agent);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.message(), testing::AllOf(HasSubstr("T1C"), HasSubstr("--pin")));
  }
  LoadOptions pinned;
  pinned.pins = {ParsePin("t1c=3")};
  EXPECT_EQ(Load({"T1C"}, pinned, no_agent).channels.size(), 1U);
}

TEST(LoadCase, AChannelWhoseOnlySeriesContradictsItselfIsRefusedUntilItIsPinned) {
  const auto renamed = [](DicomItem& item, const std::string& uid) {
    if (uid == "1.2.3.1") item.Set(0x0008, 0x103e, "LO", "t1_tse_tra");
  };
  try {
    Load({"T2"}, {}, renamed);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "role_contradictory");
    EXPECT_THAT(error.what(), HasSubstr("channel T2: series 1 (t1_tse_tra)"));
  }
  LoadOptions pinned;
  pinned.pins = {ParsePin("t2=1")};
  const Case loaded = Load({"T2"}, pinned, renamed);
  EXPECT_EQ(loaded.provenance["channels"]["T2"]["choice"]["decided_by"], "a pin");
}

TEST(LoadCase, ATieIsFlaggedAndTheMarginKept) {
  const test::TemporaryFolder folder;
  WriteStudy(folder.path());
  WriteVolume(
      folder.path(), kT2Grid, "1.2.3.8", 1, [](double, double, double) { return 300.0; },
      [](DicomItem& item) {
        item.Set(0x0020, 0x0011, "IS", "8").Set(0x0008, 0x103e, "LO", "t2 other").Set(0x0018, 0x0081, "DS", "110");
      });
  const dicom::Index index = dicom::IndexDicom(folder.path());
  const Case loaded = LoadCase(SelectStudy(index, folder.path().string()), {"T2"});
  ASSERT_EQ(loaded.provenance["flags"].size(), 1U);
  EXPECT_EQ(loaded.provenance["flags"][0]["code"], "role_tied");
  EXPECT_EQ(loaded.provenance["channels"]["T2"]["choice"]["margin"], 0);
  EXPECT_EQ(loaded.provenance["channels"]["T2"]["series_number"], 8);
}

TEST(LoadCase, ASeriesThatCoversOnlyPartOfTheReferenceIsFlagged) {
  const auto shift = [](DicomItem& item, const std::string& uid) {
    if (uid == "1.2.3.3") item.Set(0x0028, 0x0030, "DS", "0.7\\0.7");
  };
  EXPECT_EQ(Load({"T1C"}, {}, shift).provenance["flags"][0]["code"], "partial_coverage");
}

TEST(LoadCase, ASeriesWithoutFrameOfReferenceIsFlagged) {
  const auto forget = [](DicomItem& item, const std::string& uid) {
    if (uid == "1.2.3.3") item.Erase(0x0020, 0x0052);
  };
  EXPECT_EQ(Load({"T2", "T1C"}, {}, forget).provenance["flags"].at(0)["code"], "frame_of_reference_missing");
}

// A round body of signal 1000 in air of noise at b 0, and nothing but noise at b 1000.
void LoseTheDiffusionSignal(DicomItem& item, const std::string& uid, base::Random& random) {
  if (uid != "1.2.3.2") return;
  const bool weighted = item.Value(0x0020, 0x0013).size() == 3;  // instances 101 and on
  std::string pixels;
  for (int j = 0; j < kDiffusionGrid.rows; ++j) {
    for (int i = 0; i < kDiffusionGrid.columns; ++i) {
      const bool body = std::hypot(i - 12, j - 10) < 7;
      const double noise = 10 * std::hypot(random.Normal(), random.Normal());
      pixels += test::LittleEndian(static_cast<std::uint32_t>(body && !weighted ? 1000 : noise), 2);
    }
  }
  item.Set(0x7fe0, 0x0010, "OW", pixels);
}

TEST(LoadCase, TissueWithoutSignalAtTheHighestBValueIsFlagged) {
  base::Random random(3);
  const dataset::Case loaded =
      Load({"ADC"}, {}, [&](DicomItem& item, const std::string& uid) { LoseTheDiffusionSignal(item, uid, random); });
  EXPECT_EQ(loaded.provenance["flags"].at(0)["code"], "diffusion_at_noise_floor");
}

// The body ends at the fourth column of the diffusion images.
void LeaveAir(DicomItem& item, const std::string& uid) {
  if (uid != "1.2.3.2") return;
  std::string pixels = item.Value(0x7fe0, 0x0010);
  for (std::size_t n = 0; n < pixels.size(); ++n) {
    if (n / 2 % static_cast<std::size_t>(kDiffusionGrid.columns) < 4) pixels[n] = n % 2 == 0 ? '\1' : '\0';
  }
  item.Set(0x7fe0, 0x0010, "OW", pixels);
}

TEST(LoadCase, AVendorsMapThatIsAQuarterTooLowIsUsedAndFlagged) {
  const test::TemporaryFolder folder;
  WriteStudy(folder.path(), LeaveAir);
  WriteVolume(
      folder.path(), kDiffusionGrid, "1.2.3.4", 1,
      [](double x, double y, double z) { return 0.75 * (InCube(x, y, z) ? kCubeAdc_um2_s : kTissueAdc_um2_s); },
      [](DicomItem& item) {
        item.Set(0x0020, 0x0011, "IS", "4").Set(0x0008, 0x103e, "LO", "ep2d_diff_tra_ADC");
        item.Set(0x0008, 0x0008, "CS", "DERIVED\\PRIMARY\\DIFFUSION\\ADC");
      });
  const dicom::Index index = dicom::IndexDicom(folder.path());
  const Case loaded = LoadCase(SelectStudy(index, "folder"), {"ADC"});
  EXPECT_EQ(loaded.provenance["flags"].at(0)["code"], "adc_disagrees");
}

TEST(SelectStudy, MixedPatientsAndSeveralStudiesAreRefusedAloud) {
  dicom::Index index;
  index.studies.resize(2);
  index.studies[0].uid = "1.1";
  index.studies[1].uid = "1.2";
  index.studies[1].patient.id = "somebody else";
  try {
    SelectStudy(index, "folder");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::kRefused);
    EXPECT_EQ(error.code(), "several_patients");
    EXPECT_THAT(error.message(), testing::AllOf(HasSubstr("2 patients"), HasSubstr("1.1"), HasSubstr("1.2")));
    EXPECT_THAT(error.message(), testing::Not(HasSubstr("somebody else")));
  }
  index.studies[1].patient.id = "";
  try {
    SelectStudy(index, "folder");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "several_studies");
  }
  EXPECT_EQ(SelectStudy(index, "folder", "1.2").uid, "1.2");
  EXPECT_THROW(SelectStudy(index, "folder", "1.3"), base::Error);
  EXPECT_THROW(SelectStudy({}, "folder"), base::Error);
}

TEST(RealData, TheProstateStudyDerivesB0AndB1000OnTheTransverseT2) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const dicom::Index index = dicom::IndexDicom(test::SharedData() / "study-prostate-dwi");
  const Case loaded = LoadCase(index.studies.at(0), {"B0", "B1000", "ADC"});
  EXPECT_TRUE(image::SameGrid(loaded.grid, index.studies[0].series.at(1).volumes.at(0).geometry));
  for (const char* channel : {"B0", "B1000"}) EXPECT_EQ(loaded.provenance["channels"][channel]["derived"], true);
  EXPECT_THAT(loaded.provenance["channels"]["B1000"]["b_values_s_mm2"].get<std::vector<double>>(),
              testing::ElementsAre(50, 400, 800));
  EXPECT_EQ(loaded.provenance["channels"]["ADC"]["series_number"], 7);
}

}  // namespace
}  // namespace parotis::intake
