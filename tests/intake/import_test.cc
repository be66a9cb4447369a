#include "intake/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "dataset/dataset.h"
#include "intake/select_study.h"
#include "tests/intake/examples.h"
#include "tests/intake/study_files.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake {
namespace {

namespace fs = std::filesystem;
using test::DicomItem;

// Two studies of one patient, and one of another that holds nothing usable.
dicom::Index WriteCohort(const fs::path& folder) {
  for (const char* study : {"1.7.1", "1.7.2"}) {
    WriteStudy(folder / study, [&](DicomItem& item, const std::string& uid) {
      item.Set(0x0020, 0x000d, "UI", study)
          .Set(0x0020, 0x000e, "UI", uid + "." + study)
          .Set(0x0010, 0x0020, "LO", "HOSP-4711");
      item.Set(0x0010, 0x0010, "PN", "Muster^Erika").Set(0x0010, 0x1010, "AS", "061Y").Set(0x0010, 0x0040, "CS", "F");
      item.Set(0x0008, 0x0018, "UI",
               std::string("1.9") + study + std::to_string(std::hash<std::string>{}(item.Bytes())));
    });
  }
  test::WriteDicom(folder / "useless",
                   test::MrSlice(1, 0).Set(0x0020, 0x000d, "UI", "1.7.3").Set(0x0008, 0x103e, "LO", "localizer"));
  return dicom::IndexDicom(folder);
}

// T2 by name with the timing of T2 renamed to T1: nobody can say what it is.
TEST(Import, AChannelWhoseSeriesContradictItselfIsRefusedByNameAndElseFlagged) {
  const test::TemporaryFolder folder;
  WriteStudy(folder.path() / "dicom", [](DicomItem& item, const std::string& uid) {
    if (uid == "1.2.3.1") item.Set(0x0008, 0x103e, "LO", "t1_tse_tra");
  });
  const dicom::Index index = dicom::IndexDicom(folder.path() / "dicom");
  ImportOptions options;
  options.key = "pepper";
  options.channels = {"T2", "ADC"};
  const ImportedStudy refused = ImportStudies(index, folder.path() / "required", options).at(0);
  EXPECT_EQ(refused.outcome, Outcome::kRefused);
  EXPECT_EQ(refused.code, "role_contradictory");
  EXPECT_THAT(refused.sentence, testing::HasSubstr("channel T2"));
  options.channels = {"T2"};
  EXPECT_EQ(ImportStudies(index, folder.path() / "alone", options).at(0).code, "role_contradictory");
  options.channels.clear();
  const ImportedStudy imported = ImportStudies(index, folder.path() / "offered", options).at(0);
  EXPECT_EQ(imported.outcome, Outcome::kImported);
  EXPECT_THAT(imported.flags, testing::Contains("role_contradictory"));
  EXPECT_THAT(imported.channels, testing::Not(testing::Contains("T2")));
}

TEST(Import, ADatasetIsNotGoneOnWithUnderAnotherAlignment) {
  const test::TemporaryFolder folder;
  const dicom::Index index = WriteCohort(folder.path() / "dicom");
  ImportOptions options;
  options.key = "pepper";
  options.alignment.correct_distortion = true;  // without a motion
  ImportStudies(index, folder.path() / "dataset", options);
  EXPECT_NO_THROW(ImportStudies(index, folder.path() / "dataset", options));
  const auto refusal = [&](const char* setting) {
    try {
      ImportStudies(index, folder.path() / "dataset", options);
    } catch (const base::Error& error) {
      EXPECT_THAT(error.message(), testing::HasSubstr(setting));
      return error.kind() == base::ErrorKind::kUsage;
    }
    return false;
  };
  options.alignment.correct_distortion = false;
  EXPECT_TRUE(refusal("(distortion_correction)"));
  options.alignment.correct_distortion = true;
  options.alignment.motion = align::Motion::kRigid;
  EXPECT_TRUE(refusal("(alignment)"));
}

TEST(Import, WritesWhatItCanReportsTheRestAndLeavesNoIdentityBehind) {
  const test::TemporaryFolder folder;
  const dicom::Index index = WriteCohort(folder.path() / "dicom");
  ImportOptions options;
  options.key = "pepper";
  const auto imported = ImportStudies(index, folder.path() / "dataset", options);
  ASSERT_EQ(imported.size(), 3U);
  EXPECT_EQ(std::count_if(imported.begin(), imported.end(),
                          [](const ImportedStudy& each) { return each.outcome == Outcome::kImported; }),
            2);
  const dataset::Dataset dataset = dataset::OpenDataset(folder.path() / "dataset");
  ASSERT_EQ(dataset.cases.size(), 2U);
  EXPECT_THAT(dataset.channel_names, testing::ElementsAre("T2", "T1C", "B0", "B1000", "ADC"));
  EXPECT_EQ(dataset.PatientOf(dataset.cases[0].id), dataset.PatientOf(dataset.cases[1].id));
  EXPECT_EQ(dataset.participants[0].columns.at("age_years"), "61");
  for (const auto& entry : fs::recursive_directory_iterator(folder.path() / "dataset")) {
    EXPECT_THAT(entry.path().filename().string(), testing::Not(testing::HasSubstr("1.7.")));
    if (!entry.is_regular_file() || entry.path().extension() == ".gz") continue;
    for (const char* identity : {"HOSP", "4711", "Muster", "1.7.1", "1.7.2"}) {
      EXPECT_THAT(base::ReadFile(entry.path()), testing::Not(testing::HasSubstr(identity))) << entry.path();
    }
  }
}

TEST(Import, RequiredChannelsAreRequiredOfEveryStudy) {
  const test::TemporaryFolder folder;
  WriteStudy(folder.path() / "dicom", [](DicomItem& item, const std::string&) { item.Erase(0x0018, 0x0010); });
  ImportOptions options;
  options.channels = {"T2", "T1C"};
  const auto imported = ImportStudies(dicom::IndexDicom(folder.path() / "dicom"), folder.path() / "dataset", options);
  EXPECT_EQ(imported.at(0).outcome, Outcome::kRefused);
  EXPECT_EQ(imported.at(0).code, "channel_missing");
  EXPECT_THAT(imported.at(0).sentence, testing::HasSubstr("T1C"));
}

TEST(Pseudonyms, DependOnTheSaltAndJoinThePatientsStudies) {
  dicom::Study first = StudyOf({});
  dicom::Study second = StudyOf({});
  second.uid = "1.2.4";
  EXPECT_EQ(PatientPseudonym(first, "a"), PatientPseudonym(second, "a"));
  EXPECT_NE(PatientPseudonym(first, "a"), PatientPseudonym(first, "b"));
  EXPECT_NE(CaseIdOf(first, "a"), CaseIdOf(second, "a"));
  first.patient.id = second.patient.id = "";
  EXPECT_NE(PatientPseudonym(first, "a"), PatientPseudonym(second, "a"));  // nobody knows that they are one
}

}  // namespace
}  // namespace parotis::intake
