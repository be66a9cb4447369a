// Faces of synthetic patients, from the scanner's DICOM to what the program lets out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/files.h"
#include "base/json.h"
#include "dicom/deidentify.h"
#include "dicom/pixels.h"
#include "image/nifti.h"
#include "intake/deface_case.h"
#include "intake/import.h"
#include "privacy/deface.h"
#include "scanner/dicom_study.h"
#include "tests/support/dicom_file.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace parotis {
namespace {

dicom::Index SyntheticStudy(const std::filesystem::path& folder) {
  const phantom::Priors& priors = phantom::DefaultPriors();
  const physics::Examination examination =
      physics::Scan(phantom::DrawPatient(priors, 41, 1, "warthin"), priors, {.extras = true});
  scanner::WriteDicomStudy(folder, scanner::MakeDicomStudy(examination));
  return dicom::IndexDicom(folder);
}

TEST(FaceRecognisable, IsFlaggedByDeidentify) {
  const test::TemporaryFolder folder;
  dicom::DeidentifyOptions options;
  options.key = "key";
  const auto files = dicom::Deidentify(SyntheticStudy(folder.path() / "in"), folder.path() / "out", options);
  const base::Json report = dicom::ReportOf(files);
  ASSERT_FALSE(report["flags"].empty());
  EXPECT_EQ(report["flags"][0]["code"], "face_recognisable");
  EXPECT_THAT(report["flags"][0]["sentence"].get<std::string>(), testing::HasSubstr("cm² of skin facing forward"));
}

TEST(FaceRecognisable, IsFlaggedByImport) {
  const test::TemporaryFolder folder;
  intake::ImportOptions options;
  options.key = "key";
  const auto studies = intake::ImportStudies(SyntheticStudy(folder.path() / "in"), folder.path() / "out", options);
  ASSERT_EQ(studies.size(), 1U);
  EXPECT_THAT(studies[0].flags, testing::Contains("face_recognisable"));
  EXPECT_EQ(intake::ReportOf(studies, options)["studies"][0]["face"]["recognisable"], true);
}

std::vector<dicom::DeidentifiedFile> Defaced(const std::filesystem::path& in, const std::filesystem::path& out) {
  dicom::DeidentifyOptions options;
  options.key = "key";
  options.deface = true;
  return dicom::Deidentify(dicom::IndexDicom(in), out, options);
}

// Each image where it was, with the values it had, but for the face.
TEST(Deface, DicomKeepsItsGeometryAndAllThatLiesBehindTheFace) {
  const test::TemporaryFolder folder;
  const dicom::Index before = SyntheticStudy(folder.path() / "in");
  const auto files = Defaced(folder.path() / "in", folder.path() / "out");
  EXPECT_TRUE(dicom::ReportOf(files)["flags"].empty());
  EXPECT_EQ(dicom::ReportOf(files)["faces_removed"], files.size());
  const dicom::Index after = dicom::IndexDicom(folder.path() / "out");
  ASSERT_EQ(after.studies.at(0).series.size(), before.studies.at(0).series.size());
  int changed = 0;
  for (std::size_t s = 0; s < before.studies[0].series.size(); ++s) {
    for (std::size_t v = 0; v < before.studies[0].series[s].volumes.size(); ++v) {
      const image::Volume old = dicom::LoadVolume(before.studies[0].series[s], v);
      const image::Volume made = dicom::LoadVolume(after.studies[0].series[s], v);
      ASSERT_TRUE(image::SameGrid(old.geometry, made.geometry));
      for (std::size_t n = 0; n < old.voxels.size(); ++n) {
        if (old.voxels[n] == made.voxels[n]) continue;
        ++changed;
        ASSERT_EQ(made.voxels[n], 0);
      }
    }
  }
  EXPECT_GT(changed, 10000);
}

TEST(Deface, EveryFileSaysSo) {
  const test::TemporaryFolder folder;
  SyntheticStudy(folder.path() / "in");
  for (const auto& file : Defaced(folder.path() / "in", folder.path() / "out"))
    ASSERT_TRUE(file.written()) << file.code << ": " << file.sentence;
  int derived = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path() / "out")) {
    if (entry.path().extension() != ".dcm") continue;
    const std::string bytes = base::ReadFile(entry.path());
    EXPECT_NE(bytes.find("113102"), std::string::npos);
    EXPECT_NE(bytes.find("Clean Recognizable Visual Features Option"), std::string::npos);
    EXPECT_NE(bytes.find(std::string("\x28\x00\x02\x03"
                                     "CS",
                                     6)),
              std::string::npos);
    derived += bytes.find("surface of the face removed") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(derived, 20);
}

TEST(Deface, AStudyWithAnImageThatCannotBePlacedIsNotLetOut) {
  const test::TemporaryFolder folder;
  const dicom::Index index = SyntheticStudy(folder.path() / "in");
  test::DicomItem stray = test::MrSlice(1, 0, "1.2.99");
  stray.Set(0x0020, 0x000d, "UI", index.studies[0].uid).Erase(0x0020, 0x0032);
  stray.Set(0x0010, 0x0020, "LO", index.studies[0].patient.id);
  test::WriteDicom(folder.path() / "in" / "stray", stray);
  for (const auto& file : Defaced(folder.path() / "in", folder.path() / "out"))
    EXPECT_EQ(file.code, "deface_failed") << file.sentence;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path() / "out"))
    EXPECT_NE(entry.path().extension(), ".dcm");
}

TEST(Deface, ImportEmptiesEveryChannelAndKeepsTheOutlinedLesion) {
  const test::TemporaryFolder folder;
  const dicom::Index index = SyntheticStudy(folder.path() / "in");
  intake::ImportOptions options;
  options.key = "key";
  const auto plain = intake::ImportStudies(index, folder.path() / "plain", options);
  options.deface = true;
  const auto studies = intake::ImportStudies(index, folder.path() / "defaced", options);
  ASSERT_EQ(studies.at(0).outcome, intake::Outcome::kImported) << studies[0].sentence;
  EXPECT_THAT(studies[0].flags, testing::Not(testing::Contains("face_recognisable")));
  EXPECT_EQ(studies[0].face["removed"], true);
  for (std::size_t c = 0; c < studies[0].channels.size(); ++c) {
    const std::string name = fmt::format("imagesTs/{}_{:04}.nii.gz", studies[0].case_id, c);
    const image::Volume before = image::ReadNifti(folder.path() / "plain" / name);
    const image::Volume after = image::ReadNifti(folder.path() / "defaced" / name);
    int changed = 0;
    for (std::size_t v = 0; v < before.voxels.size(); ++v) {
      if (before.voxels[v] == after.voxels[v]) continue;
      ++changed;
      ASSERT_EQ(after.voxels[v], 0);
    }
    EXPECT_GT(changed, 1000) << studies[0].channels[c];
  }
}

TEST(Deface, OutlinesAtTheSkinOfTheFaceStayAndAreFlagged) {
  const phantom::Priors& priors = phantom::DefaultPriors();
  const physics::Examination examination = physics::Scan(phantom::DrawPatient(priors, 41, 1, "warthin"), priors, {});
  dataset::Case marked = physics::ToCase(examination, priors);
  const privacy::FaceInImage found = privacy::FindFace(examination.t2);
  const image::LabelVolume removed = privacy::FaceRegion(found.face, found.skin).On(marked.grid);
  // A lesion in the middle of what goes.
  std::size_t middle = 0;
  for (std::size_t v = 0; v < removed.voxels.size() / 2; ++v) middle = removed.voxels[v] != 0 ? v : middle;
  marked.truth->voxels[middle] = 1;
  const float value = marked.channels[0].voxels[middle];
  const intake::CaseDefacing defacing = intake::DefaceCase(marked);
  ASSERT_EQ(defacing.findings.size(), 1U);
  EXPECT_EQ(defacing.findings[0].code, "face_kept");
  EXPECT_EQ(marked.channels[0].voxels[middle], value);
}

TEST(Deface, WhereItCannotBeToldWhetherThereIsAFaceTheCaseIsRefused) {
  dataset::Case slab;  // a belly cut off at both sides, air before it
  slab.grid.size = {20, 60, 20};
  slab.grid.spacing_mm = {4, 4, 4};
  slab.channel_names = {"T2"};
  slab.channels.emplace_back(slab.grid);
  for (std::size_t v = 0; v < slab.channels[0].voxels.size(); ++v)
    slab.channels[0].voxels[v] = v / 20 % 60 > 20 ? 200.0F + static_cast<float>(v % 7) : static_cast<float>(v % 5);
  EXPECT_THAT(test::ErrorOf([&] { intake::DefaceCase(slab); }), testing::HasSubstr("deface_failed"));
}

}  // namespace
}  // namespace parotis
