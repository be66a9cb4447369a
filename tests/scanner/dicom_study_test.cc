#include "scanner/dicom_study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "dicom/index.h"
#include "dicom/pixels.h"
#include "tests/support/temporary_folder.h"

namespace parotis::scanner {
namespace {

namespace fs = std::filesystem;
using phantom::DefaultPriors;
using physics::Examination;

Examination ScanOf(std::int64_t index) {
  return physics::Scan(DrawPatient(DefaultPriors(), 13, index, "pleomorphic"), DefaultPriors(), {.extras = true});
}

// One examination for all tests that only look at it.
const Examination& Shared() {
  static const Examination examination = ScanOf(0);
  return examination;
}

const DicomSeries* SeriesWith(const DicomStudy& study, const std::function<bool(const DicomSeries&)>& holds) {
  for (const DicomSeries& series : study.series) {
    if (holds(series)) return &series;
  }
  return nullptr;
}

std::string OutputOf(const std::string& command) {
  std::string output;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return "cannot run " + command;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
  pclose(pipe);
  return output;
}

TEST(DicomStudy, ReadsBackVoxelForVoxelInThePatientsFrame) {
  const test::TemporaryFolder folder;
  const DicomStudy study = MakeDicomStudy(Shared());
  WriteDicomStudy(folder.path() / "study", study);
  const dicom::Index index = dicom::IndexDicom(folder.path());
  ASSERT_EQ(index.studies.size(), 1U);
  ASSERT_EQ(index.studies[0].series.size(), study.series.size());
  const dicom::Series& t2 = index.studies[0].series[1];
  EXPECT_EQ(dicom::LoadVolume(t2, 0).voxels, Shared().t2.voxels);
  EXPECT_TRUE(SameGrid(t2.volumes[0].geometry, Shared().protocol.anatomy_grid));
  const dicom::Series& diffusion = index.studies[0].series[3];
  ASSERT_EQ(diffusion.volumes.size(), 2U);
  EXPECT_EQ(diffusion.volumes[0].b_value_s_mm2, 0);
  EXPECT_EQ(diffusion.volumes[1].b_value_s_mm2, 1000);
  EXPECT_EQ(dicom::LoadVolume(diffusion, 1).voxels, Shared().TraceAt(1000).voxels);
  EXPECT_TRUE(SameGrid(diffusion.volumes[0].geometry, Shared().protocol.diffusion_grid));
}

TEST(DicomStudy, EveryKindOfSeriesIsValid) {
  if (std::system("command -v dciodvfy >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "needs dciodvfy (Debian package dicom3tools)";
  const test::TemporaryFolder folder;
  WriteDicomStudy(folder.path() / "study", MakeDicomStudy(Shared()));
  for (const auto& series : fs::directory_iterator(folder.path() / "study")) {
    const std::string said = OutputOf("dciodvfy " + (series.path() / "IM0002.dcm").string());
    EXPECT_THAT(said, testing::HasSubstr("MRImage"));
    EXPECT_THAT(said, testing::Not(testing::HasSubstr("Error"))) << series.path();
  }
}

TEST(DicomStudy, SaysThatItIsSynthetic) {
  const DicomStudy study = MakeDicomStudy(Shared());
  EXPECT_THAT(study.header.patient_name, testing::StartsWith("SYNTHETIC^"));
  EXPECT_THAT(study.header.description, testing::HasSubstr("SYNTHETIC"));
  EXPECT_THAT(study.header.comment, testing::HasSubstr("Research use only"));
}

TEST(DicomStudy, OnlyTheScanAfterInjectionNamesAnAgent) {
  int with_agent = 0;
  for (const DicomSeries& series : MakeDicomStudy(Shared()).series)
    with_agent += series.header.contrast_agent.empty() ? 0 : 1;
  EXPECT_EQ(with_agent, 1);
}

TEST(DicomStudy, UidsAreUniqueWithinAndBetweenPatients) {
  std::set<std::string> uids;
  std::size_t count = 0;
  Examination other = Shared();
  other.patient.index = 1;
  for (const Examination& examination : {Shared(), other}) {
    const DicomStudy study = MakeDicomStudy(examination);
    uids.insert(study.header.uid);
    uids.insert(study.header.frame_of_reference_uid);
    count += 2 + study.series.size();
    for (const DicomSeries& series : study.series) uids.insert(series.header.uid);
  }
  EXPECT_EQ(uids.size(), count);
}

TEST(DicomStudy, SitesDifferInBodyPartAndAdcMap) {
  std::map<std::string, int> body_parts;
  int with_adc = 0;
  Examination examination = Shared();
  for (int k = 0; k < 100; ++k) {
    examination.patient.index = k;
    const DicomStudy study = MakeDicomStudy(examination);
    ++body_parts[study.series[0].header.body_part];
    with_adc +=
        SeriesWith(study, [](const DicomSeries& s) { return s.volumes[0].unit.has_value(); }) != nullptr ? 1 : 0;
  }
  EXPECT_GT(body_parts["HEADNECK"], 60);
  EXPECT_GT(body_parts[""], 2);
  EXPECT_GT(body_parts["HEAD"], 2);
  EXPECT_THAT(with_adc, testing::AllOf(testing::Gt(50), testing::Lt(90)));
}

TEST(DicomStudy, TheLocalizerShowsThreePlanes) {
  const DicomStudy study = MakeDicomStudy(Shared());
  ASSERT_EQ(study.series[0].volumes.size(), 3U);
  std::set<std::string> orientations;
  for (const dicom::MrVolume& volume : study.series[0].volumes)
    orientations.insert(OrientationOf(volume.image.geometry));
  EXPECT_EQ(orientations, (std::set<std::string>{"LPS", "LIP", "PIR"}));
}

TEST(DicomStudy, TheSameExaminationGivesTheSameBytes) {
  const test::TemporaryFolder a, b;
  WriteDicomStudy(a.path() / "s", MakeDicomStudy(Shared()));
  WriteDicomStudy(b.path() / "s", MakeDicomStudy(ScanOf(0)));
  for (const char* file : {"SE0001/IM0004.dcm", "SE0002/IM0007.dcm", "SE0004/IM0030.dcm"}) {
    EXPECT_EQ(base::ReadFile(a.path() / "s" / file), base::ReadFile(b.path() / "s" / file)) << file;
  }
}

TEST(DicomStudy, NeverMixesWithAStudyThatIsThere) {
  const test::TemporaryFolder folder;
  base::CreateFolder(folder.path() / "s");
  EXPECT_THROW(WriteDicomStudy(folder.path() / "s", MakeDicomStudy(Shared())), base::Error);
}

}  // namespace
}  // namespace parotis::scanner
