// `parotis import` of a whole export: killed at any moment and started again it ends with the bits of one that was left
// alone, and what became of every study is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <random>
#include <thread>

#include "base/hash.h"
#include "base/json.h"
#include "image/nifti.h"
#include "tests/intake/study_files.h"
#include "tests/support/program.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using test::DicomItem;

constexpr intake::Grid kSmallGrid = {10, 8, 4, 3, 4, {0, 0, 0}};

// One T2 series of four slices. `study` numbers it; `patient` is its patient number.
void WriteSmallStudy(const fs::path& folder, int study, const std::string& patient) {
  const std::string series = fmt::format("1.2.3.{}.1", study);
  const auto value = [study](double x, double y, double z) { return 100 + study % 7 + x + 2 * y + 3 * z; };
  intake::WriteVolume(folder, kSmallGrid, series, 1, value, [&](DicomItem& item) {
    item.Set(0x0020, 0x000d, "UI", fmt::format("1.2.3.{}", study)).Set(0x0010, 0x0020, "LO", patient);
    item.Set(0x0008, 0x103e, "LO", "t2_tse_tra").Set(0x0010, 0x0010, "PN", "Muster^" + patient);
  });
}

std::map<std::string, std::string> HashesBelow(const fs::path& folder) {
  std::map<std::string, std::string> hashes;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) hashes[fs::relative(entry.path(), folder).string()] = base::HashOfFile(entry.path());
  }
  return hashes;
}

// Whatever has its final name is whole.
void ExpectNothingHalfWritten(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(".tmp-")) continue;
    if (name.ends_with(".nii.gz")) {
      EXPECT_NO_THROW(image::ReadNifti(entry.path())) << name;
    }
    if (name.ends_with(".json")) {
      EXPECT_NO_THROW(base::ReadJson(entry.path())) << name;
    }
  }
}

TEST(ImportOfAnExport, KilledAtRandomMomentsEndsWithTheSameBits) {
  const test::TemporaryFolder folder;
  for (int study = 0; study < 200; ++study)
    WriteSmallStudy(folder.path() / "export" / std::to_string(study), study, fmt::format("P{:03}", study / 2));
  // A study of two patients, refused every time.
  WriteSmallStudy(folder.path() / "export" / "mixed-a", 900, "X1");
  WriteSmallStudy(folder.path() / "export" / "mixed-b", 901, "X1");
  for (const auto& entry : fs::directory_iterator(folder.path() / "export" / "mixed-b")) {
    std::string bytes = base::ReadFile(entry.path());
    for (auto at = bytes.find("1.2.3.901"); at != std::string::npos; at = bytes.find("1.2.3.901"))
      bytes.replace(at, 9, "1.2.3.900");
    for (auto at = bytes.find("X1"); at != std::string::npos; at = bytes.find("X1")) bytes.replace(at, 2, "X2");
    base::WriteFile(entry.path(), bytes);
  }
  const auto import_into = [&](const std::string& name) {
    return std::vector<std::string>{"import",
                                    (folder.path() / "export").string(),
                                    (folder.path() / name).string(),
                                    "--key",
                                    (folder.path() / "key").string(),
                                    "--threads",
                                    "2",
                                    "--quiet"};
  };
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(test::RunProgram(import_into("whole")).exit_code, 3);
  const double whole_run_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::mt19937 random(std::random_device{}());
  for (int kill_number = 0; kill_number < 12; ++kill_number) {
    test::RunningProgram program(import_into("broken"));
    const double after_s = std::uniform_real_distribution(0.1, 0.5)(random) * whole_run_s;
    std::this_thread::sleep_for(std::chrono::duration<double>(after_s));
    kill(program.process(), SIGKILL);
    program.Wait();
    ExpectNothingHalfWritten(folder.path() / "broken");
  }
  EXPECT_EQ(test::RunProgram(import_into("broken")).exit_code, 3);
  EXPECT_EQ(HashesBelow(folder.path() / "broken"), HashesBelow(folder.path() / "whole"));
  const base::Json report = base::ReadJson(folder.path() / "broken" / "import-report.json");
  EXPECT_EQ(report["counts"]["imported"], 200);
  EXPECT_EQ(report["counts"]["refused"], 2);
}

class SmallImport : public testing::Test {
 protected:
  test::Outcome Run(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"import", Export().string(), Output().string(), "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::RunProgram(arguments);
  }
  fs::path Export() const { return folder_.path() / "export"; }
  fs::path Output() const { return folder_.path() / "out"; }
  const fs::path& Folder() const { return folder_.path(); }

 private:
  test::TemporaryFolder folder_;
};

TEST_F(SmallImport, TheExitCodeSaysAllSomeOrNone) {
  WriteSmallStudy(Export() / "a", 1, "P1");
  EXPECT_EQ(Run().exit_code, 0);
  EXPECT_TRUE(fs::exists(Folder() / "out.key"));
  EXPECT_TRUE(fs::exists(Folder() / "out.key.map.tsv"));
  const std::string other = (Folder() / "other").string();
  EXPECT_EQ(test::RunProgram({"import", Export().string(), "-o", other, "--channels", "T1C", "-q"}).exit_code, 1);
  WriteSmallStudy(Export() / "b", 2, "P2");
  fs::remove(Export() / "b" / "1.2.3.2.1-002");
  EXPECT_EQ(Run().exit_code, 3) << "a slice is missing";
}

TEST_F(SmallImport, WhatIsDoneIsNotDoneAgainAndWhatIsNewIsAdded) {
  WriteSmallStudy(Export() / "a", 1, "P1");
  ASSERT_EQ(Run().exit_code, 0);
  fs::path image;
  for (const auto& entry : fs::directory_iterator(Output() / "imagesTs")) image = entry.path();
  const auto written = fs::last_write_time(image);
  WriteSmallStudy(Export() / "b", 2, "P1");
  ASSERT_EQ(Run().exit_code, 0);
  EXPECT_EQ(fs::last_write_time(image), written);
  const base::Json report = base::ReadJson(Output() / "import-report.json");
  ASSERT_EQ(report["studies"].size(), 2U);
  EXPECT_EQ(report["studies"][0]["patient"], report["studies"][1]["patient"]);
}

TEST_F(SmallImport, PatientsOfOneFolderAreToldApartByTheirNumbers) {
  for (int study = 0; study < 4; ++study) WriteSmallStudy(Export(), study, fmt::format("P{}", study / 2));
  ASSERT_EQ(Run().exit_code, 0);
  std::map<std::string, int> patients;
  const base::Json report = base::ReadJson(Output() / "import-report.json");
  for (const auto& study : report["studies"]) ++patients[study["patient"].get<std::string>()];
  ASSERT_EQ(patients.size(), 2U);
  for (const auto& [patient, count] : patients) EXPECT_EQ(count, 2);
}

TEST_F(SmallImport, OtherSettingsOrAnotherKeyAreRefused) {
  WriteSmallStudy(Export() / "a", 1, "P1");
  ASSERT_EQ(Run().exit_code, 0);
  EXPECT_EQ(Run({"--key", (Folder() / "other").string()}).exit_code, 2);
  EXPECT_EQ(Run({"--keep-identity"}).exit_code, 2);
  EXPECT_EQ(Run({"--channels", "T2"}).exit_code, 2);
}

TEST_F(SmallImport, AKeyWithinTheDatasetIsRefusedBeforeAnythingIsWritten) {
  WriteSmallStudy(Export() / "a", 1, "P1");
  EXPECT_EQ(Run({"--key", (Output() / "key").string()}).exit_code, 2);
  EXPECT_FALSE(fs::exists(Output()));
}

TEST_F(SmallImport, KeepingIdentityIsRecorded) {
  WriteSmallStudy(Export() / "a", 1, "P1");
  ASSERT_EQ(Run({"--keep-identity"}).exit_code, 0);
  EXPECT_THAT(base::ReadFile(Output() / "dataset.json"), testing::HasSubstr("IDENTITY KEPT"));
  EXPECT_THAT(base::ReadFile(Output() / "participants.tsv"), testing::HasSubstr("P1"));
  EXPECT_EQ(base::ReadJson(Output() / "import-report.json")["identity"], "kept");
  EXPECT_FALSE(fs::exists(Folder() / "out.key"));
}

TEST_F(SmallImport, AStudyWithoutPatientNumberIsFlaggedAndOneWithoutUsableSeriesIsSkipped) {
  WriteSmallStudy(Export() / "a", 1, "");
  test::WriteDicom(Export() / "b",
                   test::MrSlice(1, 0).Set(0x0020, 0x000d, "UI", "1.7.3").Set(0x0008, 0x103e, "LO", "localizer"));
  EXPECT_EQ(Run().exit_code, 3);
  const std::string report = base::ReadFile(Output() / "import-report.json");
  EXPECT_THAT(report, testing::HasSubstr("patient_number_missing"));
  EXPECT_THAT(report, testing::HasSubstr("no_channel"));
  EXPECT_EQ(base::ReadJson(Output() / "import-report.json")["counts"]["skipped"], 1);
}

}  // namespace
}  // namespace parotis
