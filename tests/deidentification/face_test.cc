// Faces of synthetic patients, from the scanner's DICOM to what the program lets out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "dicom/deidentify.h"
#include "intake/import.h"
#include "scanner/dicom_study.h"
#include "tests/support/temporary_folder.h"

namespace parotis {
namespace {

dicom::Index SyntheticStudy(const std::filesystem::path& folder) {
  const phantom::Priors& priors = phantom::DefaultPriors();
  const phantom::Examination examination =
      phantom::Scan(phantom::DrawPatient(priors, 41, 1, "warthin"), priors, {.extras = true});
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

}  // namespace
}  // namespace parotis
