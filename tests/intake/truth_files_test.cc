#include "intake/truth_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "base/files.h"
#include "dataset/dataset.h"
#include "image/nifti.h"
#include "intake/import.h"
#include "intake/load_case.h"
#include "tests/intake/examples.h"
#include "tests/intake/study_files.h"
#include "tests/support/outline_files.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/zip_file.h"

namespace parotis::intake {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<dicom::Study> TwoStudies() {
  std::vector<dicom::Study> studies = {StudyOf({T2Series()}), StudyOf({T2Series(8)})};
  studies[0].patient.id = "P1";
  studies[1].patient.id = "P12";
  studies[1].uid = "1.2.4";
  return studies;
}

TruthFiles Find(const std::vector<dicom::Study>& studies, const fs::path& folder) {
  return FindTruthFiles(studies, {"case-a", "case-b"}, folder);
}

TEST(FindTruthFiles, NamesOfFilesAndFoldersTellTheStudyAndTheLongestWins) {
  const test::TemporaryFolder folder;
  for (const char* file : {"P1_tumour.nii.gz", "P12.seg.nrrd", "case-a.nrrd", "1.2.4/mask.nii", "P123.nii", "note.txt"})
    base::WriteFile(folder.path() / file, "x");
  const TruthFiles files = Find(TwoStudies(), folder.path());
  EXPECT_THAT(files.of_study[0], ElementsAre(folder.path() / "P1_tumour.nii.gz", folder.path() / "case-a.nrrd"));
  EXPECT_THAT(files.of_study[1], ElementsAre(folder.path() / "1.2.4/mask.nii", folder.path() / "P12.seg.nrrd"));
  ASSERT_EQ(files.findings.size(), 1U);
  EXPECT_EQ(files.findings[0].code, "truth_unmatched");
  EXPECT_THAT(files.findings[0].message, testing::HasSubstr("P123.nii"));
}

TEST(FindTruthFiles, AFileThatFitsTwoStudiesIsNoOnes) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "P1.nii", "x");
  auto studies = TwoStudies();
  studies[1].patient.id = "P1";  // two studies of one patient
  const TruthFiles files = Find(studies, folder.path());
  EXPECT_THAT(files.of_study, ElementsAre(IsEmpty(), IsEmpty()));
  for (const auto& refusals : files.refusals) {
    ASSERT_EQ(refusals.size(), 1U);
    EXPECT_EQ(refusals[0].code, "truth_ambiguous");
  }
}

TEST(FindTruthFiles, DicomObjectsAreFoundByTheirUids) {
  const test::TemporaryFolder folder;
  const std::vector<std::vector<image::Vector3>> square = {{{0, 0, 5}, {4, 0, 5}, {4, 4, 5}}};
  const auto rt = [&](const std::string& study_uid, const std::string& series_uid) {
    test::DicomItem item = test::RtDataset({{"GTV", square, "CLOSED_PLANAR", ""}});
    const test::DicomItem study =
        test::DicomItem().SetSequence(0x3006, 0x0014, {test::DicomItem().Set(0x0020, 0x000e, "UI", series_uid)});
    item.SetSequence(0x3006, 0x0010, {test::DicomItem().SetSequence(0x3006, 0x0012, {study})});
    return item.Set(0x0020, 0x000d, "UI", study_uid);
  };
  test::WriteDicom(folder.path() / "a", rt("1.2.4", "0.0"));
  test::WriteDicom(folder.path() / "b", rt("7.7", "1.2.3.4"));  // the first study's series
  test::WriteDicom(folder.path() / "c", rt("7.7", "0.0"));
  const TruthFiles files = Find(TwoStudies(), folder.path());
  EXPECT_THAT(files.of_study[0], ElementsAre(folder.path() / "b"));
  EXPECT_THAT(files.of_study[1], ElementsAre(folder.path() / "a"));
  ASSERT_EQ(files.findings.size(), 1U);
  EXPECT_EQ(files.findings[0].code, "truth_unmatched");
}

// The cube of the study, outlined on T2 in three slices (16, 20 and 24 mm).
std::vector<std::vector<image::Vector3>> CubeContours() {
  std::vector<std::vector<image::Vector3>> contours;
  for (const double z : {12.0, 16.0, 20.0, 24.0, 28.0})
    contours.push_back({{4, -16, z}, {20, -16, z}, {20, 0.5, z}, {4, 0.5, z}});
  return contours;
}

ImportedStudy ImportWith(const fs::path& folder, const test::DicomItem& structure_set) {
  WriteStudy(folder / "dicom");
  test::WriteDicom(folder / "dicom" / "rt", structure_set);
  ImportOptions options;
  options.channels = {"T2"};
  return ImportStudies(dicom::IndexDicom(folder / "dicom"), folder / "dataset", options).at(0);
}

TEST(ImportWithTruth, AStructureSetInTheStudyBecomesTheLabelOfTheCase) {
  const test::TemporaryFolder folder;
  const ImportedStudy imported =
      ImportWith(folder.path(), test::RtDataset({{"GTV", CubeContours(), "CLOSED_PLANAR", "108369006"}}));
  EXPECT_EQ(imported.outcome, Outcome::kImported) << imported.message;
  EXPECT_THAT(imported.truth_findings, IsEmpty());
  const dataset::Dataset dataset = dataset::OpenDataset(folder.path() / "dataset");
  const dataset::Case loaded = dataset::LoadCase(dataset, dataset.cases.at(0).id);
  ASSERT_TRUE(loaded.truth.has_value());
  std::int64_t bright = 0;
  for (std::size_t v = 0; v < loaded.truth->voxels.size(); ++v) {
    EXPECT_EQ(loaded.truth->voxels[v] == 1, loaded.channels[0].voxels[v] > 600) << v;  // the cube is bright on T2
    bright += loaded.truth->voxels[v];
  }
  EXPECT_GT(bright, 100);
}

TEST(ImportWithTruth, WhatIsRefusedLeavesTheCaseWithoutTruthAndIsSaid) {
  const test::TemporaryFolder folder;
  const ImportedStudy imported =
      ImportWith(folder.path(), test::RtDataset({{"GTV", CubeContours(), "CLOSED_PLANAR", ""}}));
  EXPECT_EQ(imported.outcome, Outcome::kImported) << imported.message;
  ASSERT_EQ(imported.truth_findings.size(), 1U);
  EXPECT_EQ(imported.truth_findings[0].code, "truth_label_unknown");
  EXPECT_THAT(imported.flags, testing::Contains("truth_label_unknown"));
  EXPECT_TRUE(fs::exists(folder.path() / "dataset" / "imagesTs"));
}

TEST(ImportWithTruth, AStructureSetInAZipArchiveIsReadLikeOneInAFolder) {
  const test::TemporaryFolder folder;
  WriteStudy(folder.path() / "dicom");
  test::WriteDicom(folder.path() / "dicom" / "rt", test::RtDataset({{"tumour", CubeContours(), "CLOSED_PLANAR", ""}}));
  std::vector<test::ZipEntry> entries;
  for (const auto& file : fs::directory_iterator(folder.path() / "dicom"))
    entries.push_back({"study/" + file.path().filename().string(), base::ReadFile(file.path())});
  base::WriteFile(folder.path() / "study.zip", test::ZipBytes(entries));
  ImportOptions options;
  options.channels = {"T2"};
  const auto imported =
      ImportStudies(dicom::IndexDicom(folder.path() / "study.zip"), folder.path() / "dataset", options);
  ASSERT_EQ(imported.size(), 1U);
  EXPECT_THAT(imported[0].truth_findings, IsEmpty());
  EXPECT_TRUE(fs::exists(folder.path() / "dataset" / "labelsTr" / (imported[0].case_id + ".nii.gz")));
}

TEST(ImportWithTruth, OnlyStudiesWhoseOutlinesChangedAreImportedAgain) {
  const test::TemporaryFolder folder;
  WriteStudy(folder.path() / "dicom");
  ImportOptions options;
  options.channels = {"T2"};
  options.truth = folder.path() / "outlines";
  base::CreateFolder(options.truth);
  const auto import = [&] {
    return ImportStudies(dicom::IndexDicom(folder.path() / "dicom"), folder.path() / "dataset", options).at(0);
  };
  const auto has_label = [&] {
    return fs::exists(folder.path() / "dataset" / "labelsTr" / (import().case_id + ".nii.gz"));
  };
  EXPECT_FALSE(has_label());
  EXPECT_TRUE(import().done_before);
  test::WriteDicom(options.truth / "rt", test::RtDataset({{"tumour", CubeContours(), "CLOSED_PLANAR", ""}}));
  EXPECT_FALSE(import().done_before);
  EXPECT_TRUE(has_label());
  EXPECT_TRUE(import().done_before);
}

}  // namespace
}  // namespace parotis::intake
