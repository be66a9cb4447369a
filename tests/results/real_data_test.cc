// Segmentations and a report of another writer (dcmqi), read by ours and by the other readers: the same masks at the
// same places, the same measurements. What they were made from: tests/dicom/segmentation_test.cc.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "dicom/measurement_report.h"
#include "dicom/segmentation.h"
#include "tests/results/other_readers.h"
#include "tests/support/temporary_folder.h"

namespace parotis::results {
namespace {

namespace fs = std::filesystem;
using base::Json;

const fs::path kReport = "sr-example/sr.dcm", kReportsSegmentation = "sr-example/seg.dcm";

// Every segmentation of the set.
std::vector<fs::path> Segmentations() {
  return {kReportsSegmentation,
          "segmentations/liver.dcm",
          "segmentations/partial_overlaps.dcm",
          "segmentations/sparse-labelmap-noppv.dcm",
          "segmentations/sparse-labelmap-ppv5.dcm",
          "segmentations/23x38x3/seg/label.seg",
          "segmentations/24x38x3/seg/label.seg"};
}

fs::path Shared(const fs::path& file) { return test::SharedData() / "dicom-seg-sr" / file; }

void ExpectSameSegment(const dicom::Segmentation& ours, const dicom::Segment& segment, const Json& theirs) {
  EXPECT_EQ(theirs["label"], segment.label);
  const image::LabelVolume mask = dicom::MaskOf(ours, segment);
  std::set<std::int64_t> there;
  for (const Json& point : theirs["voxels_world_mm"]) there.insert(test::VoxelAt(mask.geometry, point));
  EXPECT_EQ(theirs["voxels_world_mm"].size(), there.size());
  EXPECT_GT(there.size(), 0U);
  EXPECT_EQ(std::count(mask.voxels.begin(), mask.voxels.end(), 1), static_cast<std::ptrdiff_t>(there.size()));
  EXPECT_TRUE(std::all_of(there.begin(), there.end(),
                          [&](std::int64_t v) { return v >= 0 && mask.voxels[static_cast<std::size_t>(v)] == 1; }));
}

class OthersObjects : public testing::TestWithParam<test::OtherReader> {
 protected:
  void SetUp() override {
    if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
    if (!IsThere(GetParam())) GTEST_SKIP() << "needs " << GetParam() << " (scripts/setup.sh installs it into .venv)";
  }
};

TEST_P(OthersObjects, EverySegmentationHasTheSameMasksForUsAndForOthers) {
  const bool knows_label_maps = std::string(GetParam().name) == test::kHighdicom.name;
  const test::TemporaryFolder folder;
  const std::vector<fs::path> files = Segmentations();
  for (std::size_t n = 0; n < files.size(); ++n)
    fs::copy_file(Shared(files[n]), folder.path() / (std::to_string(n) + ".dcm"));
  const Json read = ReadWith(GetParam(), folder.path());
  for (std::size_t n = 0; n < files.size(); ++n) {
    SCOPED_TRACE(files[n]);
    const dicom::Segmentation ours = dicom::ReadSegmentation(Shared(files[n]));
    ASSERT_FALSE(ours.segments.empty());
    const std::string name = std::to_string(n) + ".dcm";
    if (!read.contains(name)) {
      EXPECT_FALSE(knows_label_maps) << "not read";
      EXPECT_NE(files[n].string().find("labelmap"), std::string::npos) << "not read";
      continue;
    }
    for (const dicom::Segment& segment : ours.segments) {
      const Json& segments = read[name]["segments"];
      const auto same = std::find_if(segments.begin(), segments.end(),
                                     [&](const Json& theirs) { return theirs["number"] == segment.number; });
      ASSERT_NE(same, segments.end()) << segment.number;
      ExpectSameSegment(ours, segment, *same);
    }
  }
}

TEST_P(OthersObjects, TheReportSaysTheSameToUsAndToOthers) {
  const test::TemporaryFolder folder;
  fs::copy_file(Shared(kReport), folder.path() / "report.dcm");
  const Json theirs = ReadWith(GetParam(), folder.path())["report.dcm"]["groups"];
  const dicom::MeasurementReport ours = dicom::ReadMeasurementReport(Shared(kReport));
  ASSERT_EQ(ours.groups.size(), theirs.size());
  const dicom::ReportedGroup& group = ours.groups.at(0);
  EXPECT_EQ(theirs[0]["tracking_id"], group.tracking_id);
  EXPECT_EQ(theirs[0]["tracking_uid"], group.tracking_uid);
  EXPECT_EQ(theirs[0]["finding"], group.finding->scheme + ":" + group.finding->value);
  EXPECT_EQ(theirs[0]["segment"], (Json{{"uid", group.segment->sop_instance_uid}, {"number", group.segment->number}}));
  EXPECT_EQ(theirs[0]["source_series_uid"], group.source_series_uid);
  const Json& measurements = theirs[0]["measurements"];
  ASSERT_EQ(measurements.size(), group.measurements.size());
  for (std::size_t m = 0; m < measurements.size(); ++m) {
    const dicom::ReportedMeasurement& measured = group.measurements[m];
    EXPECT_EQ(measurements[m]["quantity"], measured.quantity.scheme + ":" + measured.quantity.value);
    EXPECT_EQ(measurements[m]["unit"], measured.unit.scheme + ":" + measured.unit.value);
    EXPECT_EQ(measurements[m]["value"].get<double>(), measured.value);
    EXPECT_EQ(measurements[m]["derivation"],
              measured.derivation ? Json(measured.derivation->scheme + ":" + measured.derivation->value) : Json());
  }
}

INSTANTIATE_TEST_SUITE_P(All, OthersObjects, testing::Values(test::kHighdicom, test::kDcmjs),
                         [](const auto& test) { return std::string(test.param.name); });

// "Sum of segmented voxel volumes" by the one who wrote both.
TEST(OthersReport, TheVolumeItReportsIsThatOfTheSegmentItNames) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const dicom::ReportedGroup group = dicom::ReadMeasurementReport(Shared(kReport)).groups.at(0);
  const dicom::Segmentation segmentation = dicom::ReadSegmentation(Shared(kReportsSegmentation));
  ASSERT_EQ(segmentation.segments.size(), 1U);
  EXPECT_EQ(group.segment->number, segmentation.segments[0].number);
  const auto volume = std::find_if(group.measurements.begin(), group.measurements.end(),
                                   [](const auto& measured) { return measured.quantity.meaning == "Volume"; });
  ASSERT_NE(volume, group.measurements.end());
  ASSERT_EQ(volume->unit.value, "ml");
  const image::LabelVolume mask = dicom::MaskOf(segmentation, segmentation.segments[0]);
  const image::Vector3& spacing = mask.geometry.spacing_mm;
  const auto voxels = static_cast<double>(std::count(mask.voxels.begin(), mask.voxels.end(), 1));
  EXPECT_NEAR(voxels * spacing[0] * spacing[1] * spacing[2] / 1000, volume->value, 1e-4);
}

}  // namespace
}  // namespace parotis::results
