#include "dataset/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/files.h"
#include "tests/support/errors.h"
#include "tests/support/small_dataset.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dataset {
namespace {

namespace fs = std::filesystem;
using test::ErrorOf;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> IdsOf(const std::vector<CaseFiles>& cases) {
  std::vector<std::string> ids;
  for (const CaseFiles& files : cases) ids.push_back(files.id);
  return ids;
}

TEST(Dataset, LoadsTheChannelsAskedForInTheOrderAskedFor) {
  const test::TemporaryFolder folder;
  test::WriteSmallDataset(folder.path() / "d", 2);
  const Case examination = LoadCase(OpenDataset(folder.path() / "d"), "case_002", {"ADC", "T2"});
  EXPECT_THAT(examination.channel_names, ElementsAre("ADC", "T2"));
  EXPECT_EQ(examination.channels[0].voxels[7], test::SmallVoxel(2, 1, 7));
  EXPECT_EQ(examination.channels[1].voxels[7], test::SmallVoxel(2, 0, 7));
  EXPECT_EQ(examination.Find("T2"), &examination.channels[1]);
  EXPECT_EQ(examination.Find("B0"), nullptr);
}

TEST(Dataset, ListsCasesById) {
  const test::TemporaryFolder folder;
  for (const char* file :
       {"b_0000.nii.gz", "a_1_0001.nii.gz", "a_1_0000.nii.gz", "a_0001.nii.gz", ".hidden_0000.nii.gz", "notes.txt"}) {
    base::WriteFile(folder.path() / file, "");
  }
  const std::vector<CaseFiles> cases = ListCases(folder.path(), 2);
  EXPECT_THAT(IdsOf(cases), ElementsAre("a", "a_1", "b"));
  EXPECT_TRUE(cases[0].channels[0].empty());
  EXPECT_EQ(cases[0].channels[1].filename(), "a_0001.nii.gz");
  EXPECT_EQ(cases[1].channels[1].filename(), "a_1_0001.nii.gz");
  EXPECT_TRUE(cases[2].channels[1].empty());
}

TEST(Dataset, AFileThatDoesNotSayItsChannelIsRefused) {
  for (const char* file :
       {"case.nii.gz", "case_000.nii.gz", "case_00000.nii.gz", "_0000.nii.gz", "case_0002.nii.gz", "..a_0000.nii.gz"}) {
    const test::TemporaryFolder folder;
    base::WriteFile(folder.path() / file, "");
    const std::string error = ErrorOf([&] { ListCases(folder.path(), 2); });
    if (file[0] == '.')
      EXPECT_EQ(error, "nothing was thrown") << "hidden files are none of ours";
    else
      EXPECT_THAT(error, HasSubstr(file));
  }
}

TEST(Dataset, CaseIdsThatCouldLeaveTheFolderAreRefused) {
  for (const char* id : {"", ".", "..", "a/b", "a\\b", "../up", "a\nb", ".hidden"}) {
    EXPECT_THAT(ErrorOf([&] { CheckCaseId(id); }), HasSubstr("cannot be a case id")) << id;
  }
  EXPECT_NO_THROW(CheckCaseId("Öst-12_b"));
}

TEST(Dataset, TestCasesAreMarkedAndStandLast) {
  const test::TemporaryFolder folder;
  test::WriteSmallDataset(folder.path(), 3);
  base::CreateFolder(folder.path() / "imagesTs");
  for (const char* file : {"case_001_0000.nii.gz", "case_001_0001.nii.gz"})
    fs::rename(folder.path() / "imagesTr" / file, folder.path() / "imagesTs" / file);
  const Dataset dataset = OpenDataset(folder.path());
  EXPECT_THAT(IdsOf(dataset.cases), ElementsAre("case_002", "case_003", "case_001"));
  EXPECT_FALSE(dataset.cases[0].test);
  EXPECT_TRUE(dataset.cases[2].test);
  EXPECT_TRUE(dataset.cases[2].label.empty()) << "labelsTr is not where a test case's label is";
}

TEST(Dataset, ACaseInTrainingAndInTestIsRefused) {
  const test::TemporaryFolder folder;
  test::WriteSmallDataset(folder.path(), 2);
  base::CreateFolder(folder.path() / "imagesTs");
  fs::copy_file(folder.path() / "imagesTr/case_001_0000.nii.gz", folder.path() / "imagesTs/case_001_0000.nii.gz");
  EXPECT_THAT(ErrorOf([&] { OpenDataset(folder.path()); }), AllOf(HasSubstr("case_001"), HasSubstr("imagesTs")));
}

TEST(Dataset, ACaseWhosePatientIsUnknownIsRefusedWhenOthersAreKnown) {
  const test::TemporaryFolder folder;
  test::WriteSmallDataset(folder.path(), 3);
  auto participants = ReadParticipants(folder.path() / "participants.tsv");
  participants.erase(participants.begin() + 1);
  WriteParticipants(folder.path() / "participants.tsv", participants);
  EXPECT_THAT(ErrorOf([&] { OpenDataset(folder.path()); }), HasSubstr("no row for the case case_002"));
  fs::remove(folder.path() / "participants.tsv");
  EXPECT_EQ(OpenDataset(folder.path()).PatientOf("case_002"), "case_002");
}

TEST(Dataset, ChannelsOnDifferentGridsAreRefusedNamingBothFiles) {
  const test::TemporaryFolder folder;
  test::WriteSmallDataset(folder.path(), 1);
  image::Volume moved = image::ReadNifti(folder.path() / "imagesTr/case_001_0001.nii.gz");
  moved.geometry.origin_world[2] += 0.5;
  image::WriteNifti(folder.path() / "imagesTr/case_001_0001.nii.gz", moved);
  EXPECT_THAT(ErrorOf([&] { LoadCase(OpenDataset(folder.path()), "case_001"); }),
              AllOf(HasSubstr("case_001_0000.nii.gz"), HasSubstr("case_001_0001.nii.gz"), HasSubstr("resample")));
}

TEST(Dataset, AMaskOnAnotherGridIsRefused) {
  const test::TemporaryFolder folder;
  test::WriteSmallDataset(folder.path(), 1);
  image::LabelVolume mirrored = image::ReadNiftiLabels(folder.path() / "labelsTr/case_001.nii.gz");
  mirrored.geometry.direction[0][0] = -1;
  image::WriteNifti(folder.path() / "labelsTr/case_001.nii.gz", mirrored);
  EXPECT_THAT(ErrorOf([&] { LoadCase(OpenDataset(folder.path()), "case_001"); }),
              HasSubstr("labelsTr/case_001.nii.gz"));
}

TEST(Dataset, ValuesThatAreNoNumbersAreRefusedNamingTheFile) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const test::TemporaryFolder folder;
    test::WriteSmallDataset(folder.path(), 1);
    image::Volume volume = image::ReadNifti(folder.path() / "imagesTr/case_001_0001.nii.gz");
    volume.voxels[3] = bad;
    image::WriteNifti(folder.path() / "imagesTr/case_001_0001.nii.gz", volume);
    EXPECT_THAT(ErrorOf([&] { LoadCase(OpenDataset(folder.path()), "case_001"); }),
                AllOf(HasSubstr("case_001_0001.nii.gz"), HasSubstr("1 voxels")));
  }
}

TEST(Dataset, ALabelThatNobodyNamedIsRefusedNamingTheFile) {
  const test::TemporaryFolder folder;
  test::WriteSmallDataset(folder.path(), 1);
  image::LabelVolume truth = image::ReadNiftiLabels(folder.path() / "labelsTr/case_001.nii.gz");
  truth.voxels[0] = 3;
  image::WriteNifti(folder.path() / "labelsTr/case_001.nii.gz", truth);
  EXPECT_THAT(ErrorOf([&] { LoadCase(OpenDataset(folder.path()), "case_001"); }),
              AllOf(HasSubstr("labelsTr/case_001.nii.gz"), HasSubstr("label 3")));
}

TEST(Dataset, AMissingChannelHindersOnlyThoseWhoWantIt) {
  const test::TemporaryFolder folder;
  test::WriteSmallDataset(folder.path(), 1);
  fs::remove(folder.path() / "imagesTr/case_001_0001.nii.gz");
  const Dataset dataset = OpenDataset(folder.path());
  EXPECT_EQ(LoadCase(dataset, "case_001", {"T2"}).channels.size(), 1U);
  EXPECT_THAT(ErrorOf([&] { LoadCase(dataset, "case_001"); }), AllOf(HasSubstr("case_001"), HasSubstr("channel ADC")));
  EXPECT_THAT(ErrorOf([&] { LoadCase(dataset, "case_001", {"B0"}); }),
              AllOf(HasSubstr("no channel B0"), HasSubstr("T2, ADC")));
  EXPECT_THAT(ErrorOf([&] { LoadCase(dataset, "case_9"); }), HasSubstr("no case case_9"));
}

TEST(Dataset, AFolderThatIsNoneIsNamed) {
  EXPECT_THAT(ErrorOf([&] { OpenDataset("/nowhere/here"); }),
              AllOf(HasSubstr("/nowhere/here"), HasSubstr("dataset.json")));
}

TEST(Case, IsCheckedForEverythingThatWouldMisleadANetwork) {
  const Case sound = test::SmallCase(1, {"T2", "ADC"});
  EXPECT_NO_THROW(CheckCase(sound));
  const auto says = [&](const std::function<void(Case&)>& spoil) {
    Case spoiled = sound;
    spoil(spoiled);
    return ErrorOf([&] { CheckCase(spoiled); });
  };
  EXPECT_THAT(says([](Case& c) { c.channels.clear(), c.channel_names.clear(); }), HasSubstr("no channel"));
  EXPECT_THAT(says([](Case& c) { c.channel_names.pop_back(); }), HasSubstr("2 channels but 1 channel names"));
  EXPECT_THAT(says([](Case& c) { c.channel_names[1] = "T2"; }), HasSubstr("T2 occurs more than once"));
  EXPECT_THAT(says([](Case& c) { c.channels[1].geometry.origin_world[0] += 1; }),
              HasSubstr("channel ADC is not on the grid"));
  EXPECT_THAT(says([](Case& c) { c.channels[0].voxels.pop_back(); }), HasSubstr("119 values"));
  EXPECT_THAT(says([](Case& c) { c.channels[1].voxels[9] = NAN; }),
              HasSubstr("channel ADC holds values that are not finite"));
  EXPECT_THAT(says([](Case& c) { c.truth->geometry.spacing_mm[2] = 3; }), HasSubstr("the truth is not on the grid"));
}

}  // namespace
}  // namespace parotis::dataset
