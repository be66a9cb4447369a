#include "scanner/dicom_study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <stdexcept>

#include "base/error.h"
#include "base/file_list.h"
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

// The series of that kind as it was read back.
const dicom::Series& ReadBack(const dicom::Study& read, const DicomStudy& written, SeriesKind kind) {
  for (const DicomSeries& series : written.series) {
    if (series.kind != kind) continue;
    for (const dicom::Series& each : read.series) {
      if (each.uid == series.header.uid) return each;
    }
  }
  throw std::runtime_error("no such series");
}

TEST(DicomStudy, ReadsBackVoxelForVoxelInThePatientsFrame) {
  const test::TemporaryFolder folder;
  Examination examination = Shared();
  examination.protocol.vendor = physics::Vendor::kUih;
  const DicomStudy study = MakeDicomStudy(examination, {.enhanced = false});
  WriteDicomStudy(folder.path() / "study", study);
  const dicom::Index index = dicom::IndexDicom(folder.path());
  ASSERT_EQ(index.studies.size(), 1U);
  ASSERT_EQ(index.studies[0].series.size(), study.series.size());
  const dicom::Series& t2 = ReadBack(index.studies[0], study, SeriesKind::kT2);
  EXPECT_EQ(dicom::LoadVolume(t2, 0).voxels, Shared().t2.voxels);
  EXPECT_TRUE(SameGrid(t2.volumes[0].geometry, Shared().protocol.anatomy_grid));
  const dicom::Series& diffusion = ReadBack(index.studies[0], study, SeriesKind::kDiffusion);
  for (std::size_t v = 0; v < diffusion.volumes.size(); ++v) {
    EXPECT_EQ(diffusion.volumes[v].b_value_s_mm2, Shared().diffusion[v].b_s_mm2);
    EXPECT_EQ(dicom::LoadVolume(diffusion, v).voxels, Shared().diffusion[v].image.voxels);
    EXPECT_TRUE(SameGrid(diffusion.volumes[v].geometry, Shared().protocol.diffusion_grid));
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
    with_adc += SeriesWith(study, [](const DicomSeries& s) { return s.kind == SeriesKind::kAdc; }) != nullptr ? 1 : 0;
  }
  EXPECT_GT(body_parts["HEADNECK"], 40);
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
  WriteDicomStudy(a.path() / "s", MakeDicomStudy(Shared(), {.clutter = true}));
  WriteDicomStudy(b.path() / "s", MakeDicomStudy(ScanOf(0), {.clutter = true}));
  const auto files = base::FilesBelow(a.path() / "s");
  ASSERT_FALSE(files.empty());
  for (const fs::path& file : files)
    ASSERT_EQ(base::ReadFile(file), base::ReadFile(b.path() / fs::relative(file, a.path()))) << file;
}

TEST(DicomStudy, WhatAKilledRunLeftIsRemovedAndNothingElse) {
  const test::TemporaryFolder folder;
  for (const char* name : {"S00001-0001", "S00001-0002.part", "S00001-0002.part/SE0001"})
    base::CreateFolder(folder.path() / name);
  RemoveUnfinishedStudies(folder.path());
  EXPECT_TRUE(fs::exists(folder.path() / "S00001-0001"));
  EXPECT_FALSE(fs::exists(folder.path() / "S00001-0002.part"));
}

TEST(DicomStudy, NeverMixesWithAStudyThatIsThere) {
  const test::TemporaryFolder folder;
  base::CreateFolder(folder.path() / "s");
  EXPECT_THROW(WriteDicomStudy(folder.path() / "s", MakeDicomStudy(Shared())), base::Error);
}

}  // namespace
}  // namespace parotis::scanner
