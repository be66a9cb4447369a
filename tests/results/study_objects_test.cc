// From a scanned study of every vendor to the objects that go back into it, judged by dciodvfy.
#include "results/study_objects.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/files.h"
#include "dicom/index.h"
#include "dicom/measurement_report.h"
#include "dicom/segmentation.h"
#include "intake/load_case.h"
#include "intake/roles.h"
#include "results/label_codes.h"
#include "results/self_check.h"
#include "tests/results/diagnosed.h"
#include "tests/support/dciodvfy.h"
#include "tests/support/dcmdump.h"
#include "tests/support/errors.h"

namespace parotis::results {
namespace {

namespace fs = std::filesystem;
using physics::Vendor;
using testing::HasSubstr;

class Vendors : public testing::TestWithParam<std::pair<Vendor, bool>> {};

TEST_P(Vendors, EveryObjectOfObliqueImagesIsValidAndLiesInThePatientsStudy) {
  const Diagnosed diagnosed(GetParam().first, GetParam().second);
  ASSERT_EQ(diagnosed.diagnosis().lesions.size(), 1U);
  ASSERT_GT(std::abs(diagnosed.examination().grid.direction[1][2]), 0.05) << "the patient's slices are to be oblique";
  const std::vector<StudyObject> written = diagnosed.Write();
  ASSERT_EQ(written.size(), StudyObjectFiles().size());
  std::set<std::string> series;
  for (const StudyObject& object : written) {
    if (test::HasDciodvfy()) {
      EXPECT_EQ(test::ErrorsOfDciodvfy(diagnosed.Object(object.file)), "") << object.file;
    }
    series.insert(object.series_uid);
    EXPECT_THAT(base::ReadFile(diagnosed.Object(object.file)), HasSubstr("esearch use only")) << object.file;
  }
  EXPECT_EQ(series.size(), written.size());
  const dicom::MeasurementReport report = dicom::ReadMeasurementReport(diagnosed.Object("report.dcm"));
  ASSERT_EQ(report.groups.size(), 2U);
  const dicom::Segmentation segmentation = dicom::ReadSegmentation(diagnosed.Object("segmentation.dcm"));
  EXPECT_EQ(segmentation.object.frame_of_reference_uid, diagnosed.study().series.front().frame_of_reference_uid);
}

INSTANTIATE_TEST_SUITE_P(All, Vendors,
                         testing::Values(std::pair{Vendor::kStandard, false}, std::pair{Vendor::kSiemens, false},
                                         std::pair{Vendor::kGe, false}, std::pair{Vendor::kPhilips, false},
                                         std::pair{Vendor::kUih, false}, std::pair{Vendor::kStandard, true},
                                         std::pair{Vendor::kSiemens, true}, std::pair{Vendor::kPhilips, true}));

// The heaviest compression of any series that was used.
TEST(StudyObjects, ImagesMadeFromLossyOnesSayHowLossyTheyWere) {
  if (!test::HasDcmtkTools()) GTEST_SKIP() << "needs the Debian package dcmtk";
  const Diagnosed diagnosed(Vendor::kSiemens, false, [](const fs::path& folder) {
    EXPECT_EQ(test::OutputOf(
                  fmt::format("find '{}' -name '*.dcm' -exec dcmcjpeg +ee +q 90 '{{}}' '{{}}' \\;", folder.string())),
              "");
  });
  std::set<std::string> used;
  for (const base::Json& channel : diagnosed.examination().provenance["channels"]) used.insert(channel["series_uid"]);
  double heaviest = 0;
  for (const dicom::Series& series : diagnosed.study().series) {
    if (!used.contains(series.uid)) continue;
    for (const dicom::FileReference& file : series.files) heaviest = std::max(heaviest, file.lossy->ratios.at(0));
  }
  ASSERT_GT(heaviest, 1);
  for (const StudyObject& object : diagnosed.Write()) {
    const fs::path path = diagnosed.Object(object.file);
    const bool image = object.file != "report.dcm" && object.file != "page.dcm";
    EXPECT_EQ(test::ValueOf(path, "0028,2110"), image ? "01" : "") << object.file;
    EXPECT_EQ(test::ValueOf(path, "0028,2114"), image ? "ISO_10918_1" : "") << object.file;
    if (image) {
      EXPECT_NEAR(std::stod(test::ValueOf(path, "0028,2112")), heaviest, 1e-6) << object.file;
    }
    if (test::HasDciodvfy()) {
      EXPECT_EQ(test::ErrorsOfDciodvfy(path), "") << object.file;
    }
  }
}

TEST(StudyObjects, TheReportSaysWhatWasMeasuredOfTheSegmentsLesion) {
  const Diagnosed diagnosed(Vendor::kSiemens);
  diagnosed.Write();
  const dataset::Lesion& lesion = diagnosed.diagnosis().lesions.at(0);
  const dicom::MeasurementReport report = dicom::ReadMeasurementReport(diagnosed.Object("report.dcm"));
  const dicom::ReportedGroup& group = report.groups.at(0);
  EXPECT_EQ(group.tracking_id, "Lesion 1");
  EXPECT_EQ(group.segment->number, 1);
  EXPECT_EQ(group.source_series_uid, diagnosed.examination().provenance["reference"]["series_uid"]);
  const auto value = [&](const char* quantity, const char* derivation, const char* of) {
    for (const dicom::ReportedMeasurement& measured : group.measurements) {
      const bool derived = derivation == nullptr || (measured.derivation && measured.derivation->value == derivation);
      const bool modified = of == nullptr || (!measured.modifiers.empty() && measured.modifiers[0].second.value == of);
      if (measured.quantity.value == quantity && derived && modified) return measured.value;
    }
    return -1.0;
  };
  EXPECT_NEAR(value("118565006", nullptr, nullptr), 1000 * lesion.volume_ml, 1e-6);
  EXPECT_NEAR(value("103339001", nullptr, nullptr), lesion.long_axis_mm, 1e-9);
  EXPECT_NEAR(value("113041", "373098007", nullptr), *lesion.adc_mean_um2_s, 1e-6);
  EXPECT_NEAR(value("113041", "255605001", nullptr), *lesion.adc_min_um2_s, 1e-6);
  EXPECT_NEAR(value("113041", "371890005", nullptr), *lesion.adc_p10_um2_s, 1e-6);
  EXPECT_NEAR(value("122157", nullptr, "8360001"), lesion.class_probabilities.at(1), 1e-9);
  EXPECT_NEAR(value("122157", nullptr, "C2854"), lesion.class_probabilities.at(0), 1e-9);
}

TEST(StudyObjects, WithoutALesionThereIsNoSegmentationAndTheReportSaysSo) {
  Diagnosed diagnosed(Vendor::kGe);
  diagnosed.Forget();
  const std::vector<StudyObject> written = diagnosed.Write();
  EXPECT_EQ(written.size(), StudyObjectFiles().size() - 1);
  EXPECT_FALSE(fs::exists(diagnosed.Object("segmentation.dcm")));
  const dicom::MeasurementReport report = dicom::ReadMeasurementReport(diagnosed.Object("report.dcm"));
  ASSERT_EQ(report.groups.size(), 1U);
  EXPECT_EQ(report.evaluations.at(0).code->value, "no_tumour_found");
  for (const StudyObject& object : written) {
    if (test::HasDciodvfy()) {
      EXPECT_EQ(test::ErrorsOfDciodvfy(diagnosed.Object(object.file)), "") << object.file;
    }
  }
}

TEST(StudyObjects, UidsAreAFunctionOfInputModelVersionAndSettings) {
  const Diagnosed diagnosed(Vendor::kUih);
  const auto uids = [&](const std::string& settings) {
    std::vector<std::string> all;
    for (const StudyObject& object : diagnosed.Write(settings)) all.push_back(object.sop_instance_uid);
    return all;
  };
  const std::vector<std::string> first = uids("{}");
  const std::string bytes = base::ReadFile(diagnosed.Object("segmentation.dcm"));
  EXPECT_EQ(uids("{}"), first);
  EXPECT_EQ(base::ReadFile(diagnosed.Object("segmentation.dcm")), bytes);
  EXPECT_THAT(uids("{\"force\":true}"), testing::Not(testing::Contains(testing::AnyOfArray(first))));
}

TEST(StudyObjects, ResultsThatCameBackAreNeitherMeasuredNorCounted) {
  const Diagnosed diagnosed(Vendor::kPhilips);
  const std::vector<StudyObject> written = diagnosed.Write();
  for (const StudyObject& object : written)
    fs::copy(diagnosed.Object(object.file), diagnosed.folder() / ("back-" + object.file));
  const dicom::Index again = dicom::IndexDicom(diagnosed.folder());
  ASSERT_EQ(again.studies.size(), 1U);
  const intake::StudyRoles roles = intake::AssignRoles(again.studies[0]);
  const dataset::Case examination = intake::LoadCase(again.studies[0], {"T2", "ADC"});
  const std::string adc = examination.provenance["channels"]["ADC"]["series_uid"];
  for (const StudyObject& object : written) EXPECT_NE(adc, object.series_uid);
  EXPECT_EQ(diagnosed.WriteOf(again.studies[0]).front().sop_instance_uid, written.front().sop_instance_uid);
}

TEST(SelfCheck, WhatDiffersStopsEverything) {
  const Diagnosed diagnosed(Vendor::kStandard);
  diagnosed.Write();
  const auto error = [](const auto& check) { return test::ErrorOf([&] { check(); }); };
  image::LabelVolume map = diagnosed.lesion_map();
  dicom::SegmentDescription segment;
  segment.label = "Lesion 1";
  const fs::path segmentation = diagnosed.Object("segmentation.dcm");
  EXPECT_EQ(error([&] { CheckSegmentation(segmentation, map, {segment}); }), "nothing was thrown");
  image::LabelVolume moved = map;
  moved.geometry.origin_world[1] += 0.5;
  EXPECT_THAT(error([&] { CheckSegmentation(segmentation, moved, {segment}); }), HasSubstr("from where it belongs"));
  *std::find(map.voxels.begin(), map.voxels.end(), std::uint8_t{1}) = 0;
  EXPECT_THAT(error([&] { CheckSegmentation(segmentation, map, {segment}); }), HasSubstr("another outline"));
  dicom::MeasurementReport report = dicom::ReadMeasurementReport(diagnosed.Object("report.dcm"));
  report.groups.at(0).measurements.at(0).value += 1;
  EXPECT_THAT(error([&] { CheckReport(diagnosed.Object("report.dcm"), report); }), HasSubstr("Lesion 1"));
  EXPECT_THAT(error([&] { CheckPage(diagnosed.Object("page.dcm"), "%PDF"); }), HasSubstr("the document"));
  EXPECT_THAT(error([&] { CheckPicture(diagnosed.Object("key-image.dcm"), image::Picture(3, 3)); }),
              HasSubstr("the picture"));
  dicom::Study other = diagnosed.study();
  other.patient.id = "another";
  EXPECT_THAT(error([&] { CheckIdentity(segmentation, other, "", ""); }), HasSubstr("of another patient"));
}

TEST(CodeOfLabel, ALabelWithoutACodeIsReportedByItsName) {
  EXPECT_EQ(CodeOfLabel("pleomorphic").value, "8360001");
  const dicom::CodedConcept own = CodeOfLabel("hyperplastic_node_of_unknown_origin");
  EXPECT_EQ(own.scheme, "99PAROTIS");
  EXPECT_EQ(own.value.size(), 16U);
  EXPECT_EQ(own.meaning, "hyperplastic_node_of_unknown_origin");
}

}  // namespace
}  // namespace parotis::results
