#include "dicom/deidentify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "base/files.h"
#include "dicom/confidentiality_profile.h"
#include "dicom/csa.h"
#include "dicom/description_words.h"
#include "dicom/private_safe_list.h"
#include "tests/support/dicom_file.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;
using test::DicomItem;

DicomItem Image() {
  DicomItem item = test::MrSlice(1, 0);
  return item.Set(0x0010, 0x0020, "LO", "HOSP-4711").Set(0x0008, 0x0020, "DA", "20240301");
}

std::vector<DeidentifiedFile> RunOn(const test::TemporaryFolder& folder, const DeidentifyOptions& more = {}) {
  DeidentifyOptions options = more;
  options.key = "key";
  return Deidentify(IndexDicom(folder.path() / "in"), folder.path() / "out", options);
}

DeidentifyOptions KeyOnly() {
  DeidentifyOptions options;
  options.key = "key";
  return options;
}

DeidentifyOptions DroppingDates() {
  DeidentifyOptions options;
  options.drop_dates = true;
  return options;
}

DeidentifyOptions AllowingBurnedIn() {
  DeidentifyOptions options;
  options.allow_burned_in = true;
  return options;
}

std::string CodeOf(const DicomItem& item, const DeidentifyOptions& options = {}) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "in" / "a", item);
  return RunOn(folder, options).at(0).code;
}

Study CleanStudy(const DicomItem& item, const DeidentifyOptions& options = {}) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "in" / "a", item);
  EXPECT_TRUE(RunOn(folder, options).at(0).written());
  return IndexDicom(folder.path() / "out").studies.at(0);
}

TEST(Profile, IsThePublishedTable) {
  EXPECT_EQ(ProfileSize(), 653U);
  EXPECT_EQ(ProfileActionOf(0x0008, 0x0050), ProfileAction::kEmpty);   // Accession Number: Z
  EXPECT_EQ(ProfileActionOf(0x0010, 0x1040), ProfileAction::kRemove);  // Patient's Address: X
  EXPECT_EQ(ProfileActionOf(0x0008, 0x0018), ProfileAction::kUid);     // SOP Instance UID: U
  EXPECT_EQ(ProfileActionOf(0x0018, 0x11bb), ProfileAction::kDummy);   // Acquisition Field Of View Label: D
  EXPECT_EQ(ProfileActionOf(0x0018, 0x700a), ProfileAction::kDummy);   // Detector ID: X/D
  EXPECT_EQ(ProfileActionOf(0x0028, 0x0010), std::nullopt);            // Rows
}

TEST(Deidentify, PatientUidsAndDatesGetPseudonyms) {
  const Study study = CleanStudy(Image());
  EXPECT_THAT(study.patient.id, testing::StartsWith("patient-"));
  EXPECT_THAT(study.uid, testing::StartsWith("2.25."));
  EXPECT_EQ(study.date.size(), 8U);
  EXPECT_LT(study.date, "20230301");
  EXPECT_EQ(CleanStudy(Image(), DroppingDates()).date, "");
}

TEST(Deidentify, WhatIsNoImageOrShowsTextIsNotLetOut) {
  EXPECT_EQ(CodeOf(Image().Set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.88.33")), "not_an_image");
  EXPECT_EQ(CodeOf(Image().Set(0x0028, 0x0301, "CS", "YES")), "burned_in_text");
  EXPECT_EQ(CodeOf(Image().Set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.7")), "burned_in_text");
  EXPECT_EQ(CodeOf(Image().Set(0x0028, 0x0301, "CS", "YES"), AllowingBurnedIn()), "");
}

TEST(Deidentify, AFileInWhichSomethingIsLeftIsNotLetOut) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "in" / "a", Image().Set(0x7fe0, 0x0010, "OW", "..hosp-4711."));
  const auto files = RunOn(folder);
  EXPECT_EQ(files.at(0).code, "identity_left");
  for (const auto& entry : fs::recursive_directory_iterator(folder.path() / "out"))
    EXPECT_NE(entry.path().extension(), ".dcm") << entry.path();
}

TEST(Deidentify, AFolderWithOtherThingsOrSettingsIsRefused) {
  const test::TemporaryFolder folder;
  test::WriteDicom(folder.path() / "in" / "a", Image());
  RunOn(folder);
  EXPECT_THAT(test::ErrorOf([&] { RunOn(folder, DroppingDates()); }), testing::HasSubstr("other settings"));
  base::WriteFile(folder.path() / "other" / "x", "x");
  EXPECT_THAT(test::ErrorOf([&] { Deidentify(IndexDicom(folder.path() / "in"), folder.path() / "other", KeyOnly()); }),
              testing::HasSubstr("not empty"));
}

TEST(CleanDescription, KeepsTheProtocolAndNothingElse) {
  EXPECT_EQ(CleanDescription("t2_tse_tra_fs"), "t2_tse_tra_fs");
  EXPECT_EQ(CleanDescription("ep2d_diff_b50_400_800_tra_ADC"), "ep2d_diff_b50_400_800_tra_ADC");
  EXPECT_EQ(CleanDescription("MRT Hals Frau Meier 17.08.1953"), "MRT Hals");
  EXPECT_EQ(CleanDescription("T1 post Gadovist 7.5 ml"), "T1 post Gadovist 7.5 ml");
  EXPECT_EQ(CleanDescription("Rorden^Rorden_Prisma"), "");
  EXPECT_EQ(CleanDescription("call 0555098765"), "");
}

TEST(CleanImageComment, KeepsAWeightingAlone) {
  EXPECT_EQ(CleanImageComment("b=1500(-0.445,0.000,0.895)"), "b=1500(-0.445,0.000,0.895)");
  EXPECT_EQ(CleanImageComment("b=1500(0,0,1) Meier"), "b=1500(0,0,1)");
  EXPECT_EQ(CleanImageComment("Meier b=1500"), "");
}

// What the program reads, it must also let through; but for free text, which the standard's attributes stand in for,
// and Siemens' protocols, in which anything can be written: mosaics are then placed by the attributes above alone.
TEST(PrivateSafeList, HoldsEveryPrivateAttributeThatIsRead) {
  const std::set<std::string> withheld = {"kSiemensSdiImageType", "kSiemensSdiSequenceName", "kSiemensSdsProtocol",
                                          "kSiemensCsaSeriesHeader"};
  const std::string source = base::ReadFile(fs::path(PAROTIS_SOURCE_DIR) / "src/dicom/tags.h");
  const std::regex row("PrivateTag (k\\w+)\\{0x([0-9a-f]{4}), 0x([0-9a-f]{2}), \"..\", \"([^\"]+)\"\\}");
  int seen = 0;
  for (std::sregex_iterator match(source.begin(), source.end(), row), end; match != end; ++match, ++seen) {
    const auto kind = SafeKindOf((*match)[4].str(), static_cast<std::uint16_t>(std::stoul((*match)[2], nullptr, 16)),
                                 static_cast<std::uint8_t>(std::stoul((*match)[3], nullptr, 16)));
    EXPECT_NE(kind.has_value(), withheld.contains((*match)[1].str())) << match->str();
  }
  EXPECT_GE(seen, 17);
}

// The original's bytes and meaning, on every vendor's files.
TEST(Deidentify, PublicSeriesReadAsBefore) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  for (const char* vendor : {"siemens-mosaic", "ge", "philips", "uih", "canon"}) {
    const test::TemporaryFolder folder;
    const Index before = IndexDicom(test::SharedData() / "dwi-vendors" / vendor / "dicom");
    const auto files = Deidentify(before, folder.path() / "out", KeyOnly());
    for (const DeidentifiedFile& file : files)
      EXPECT_FALSE(file.refused()) << vendor << " " << file.code << " " << file.sentence;
    const Index after = IndexDicom(folder.path() / "out");
    const auto volumes = [](const Index& index) {
      std::multiset<std::string> all;
      for (const Study& study : index.studies) {
        for (const Series& series : study.series) {
          for (const SeriesVolume& v : series.volumes)
            all.insert(fmt::format("{} {} {} {} {}", v.geometry.origin_world[0], v.geometry.origin_world[2],
                                   v.geometry.size[2], v.b_value_s_mm2.value_or(-1),
                                   v.gradient_world ? (*v.gradient_world)[0] : 9));
        }
      }
      return all;
    };
    EXPECT_EQ(volumes(before), volumes(after)) << vendor;
  }
}

}  // namespace
}  // namespace parotis::dicom
