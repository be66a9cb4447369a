// Readers that share no code with our writers give back the same masks, places, measurements and values.
#include "tests/results/other_readers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <set>

#include "results/label_codes.h"
#include "tests/results/diagnosed.h"
#include "tests/support/dciodvfy.h"

namespace parotis::results {
namespace {

using base::Json;

Json SideOf(const dataset::Lesion& lesion) {
  if (lesion.side == dataset::Side::kUnknown) return nullptr;
  return lesion.side == dataset::Side::kLeft ? "SCT:7771000" : "SCT:24028007";
}

std::string CodeOf(const std::string& label) {
  const dicom::CodedConcept code = CodeOfLabel(label);
  return code.scheme + ":" + code.value;
}

void ExpectSegments(const Json& read, const Diagnosed& diagnosed) {
  const image::LabelVolume& map = diagnosed.lesion_map();
  const auto& lesions = diagnosed.diagnosis().lesions;
  ASSERT_EQ(read["segments"].size(), lesions.size());
  for (std::size_t s = 0; s < lesions.size(); ++s) {
    const Json& segment = read["segments"][s];
    EXPECT_EQ(segment["number"], lesions[s].id);
    EXPECT_EQ(segment["label"], "Lesion " + std::to_string(lesions[s].id));
    EXPECT_EQ(segment["type"], "SCT:108369006");
    EXPECT_EQ(segment["region"], "SCT:45289007");
    EXPECT_EQ(segment["laterality"], SideOf(lesions[s]));
    std::set<std::int64_t> read_voxels, meant_voxels;
    for (const Json& point : segment["voxels_world_mm"]) read_voxels.insert(test::VoxelAt(map.geometry, point));
    for (std::int64_t v = 0; v < map.geometry.voxel_count(); ++v) {
      if (map.voxels[static_cast<std::size_t>(v)] == lesions[s].id) meant_voxels.insert(v);
    }
    EXPECT_FALSE(meant_voxels.empty());
    EXPECT_EQ(segment["voxels_world_mm"].size(), meant_voxels.size());
    EXPECT_TRUE(read_voxels == meant_voxels) << "another outline, or elsewhere";
  }
}

Json Measured(const char* quantity, double value, const char* unit, const char* derivation = nullptr) {
  Json measured = {{"quantity", quantity}, {"derivation", nullptr}, {"of", nullptr}, {"unit", unit}, {"value", value}};
  if (derivation != nullptr) measured["derivation"] = derivation;
  return measured;
}

Json ProbabilityOf(const std::string& finding, double value) {
  Json measured = Measured("DCM:122157", value, "UCUM:1");
  measured["of"] = finding;
  return measured;
}

// What the report is to say of a lesion, straight from the diagnosis.
Json MeasurementsOf(const dataset::Lesion& lesion, const std::vector<std::string>& classes) {
  Json measurements = {Measured("SCT:118565006", 1000 * lesion.volume_ml, "UCUM:mm3"),
                       Measured("SCT:103339001", lesion.long_axis_mm, "UCUM:mm"),
                       Measured("SCT:103340004", lesion.short_axis_mm, "UCUM:mm"),
                       Measured("DCM:113041", lesion.adc_mean_um2_s.value(), "UCUM:um2/s", "SCT:373098007"),
                       Measured("DCM:113041", lesion.adc_sd_um2_s.value(), "UCUM:um2/s", "SCT:386136009"),
                       Measured("DCM:113041", lesion.adc_min_um2_s.value(), "UCUM:um2/s", "SCT:255605001"),
                       Measured("DCM:113041", lesion.adc_p10_um2_s.value(), "UCUM:um2/s", "SCT:371890005"),
                       ProbabilityOf("SCT:108369006", lesion.peak_score)};
  for (std::size_t c = 0; c < classes.size(); ++c)
    measurements.push_back(ProbabilityOf(CodeOf(classes[c]), lesion.class_probabilities.at(c)));
  return measurements;
}

Json MeasurementsOf(const dataset::Diagnosis& diagnosis) {
  Json measurements = {ProbabilityOf("SCT:108369006", diagnosis.tumour_probability)};
  for (std::size_t c = 0; c < diagnosis.classes.size(); ++c)
    measurements.push_back(ProbabilityOf(CodeOf(diagnosis.classes[c]), diagnosis.class_probabilities.at(c)));
  return measurements;
}

void ExpectMeasurements(Json read, Json meant) {
  ASSERT_EQ(read.size(), meant.size());
  for (std::size_t m = 0; m < meant.size(); ++m) {
    const double value = meant[m]["value"];
    EXPECT_NEAR(read[m]["value"].get<double>(), value, 1e-9 * std::max(1.0, std::abs(value))) << meant[m];
    read[m].erase("value");
    meant[m].erase("value");
    EXPECT_EQ(read[m], meant[m]);
  }
}

void ExpectReport(const Json& read, const Json& segmentation, const Diagnosed& diagnosed) {
  const dataset::Diagnosis& diagnosis = diagnosed.diagnosis();
  ASSERT_EQ(read["groups"].size(), diagnosis.lesions.size() + 1);
  for (std::size_t n = 0; n < diagnosis.lesions.size(); ++n) {
    const Json& group = read["groups"][n];
    const dataset::Lesion& lesion = diagnosis.lesions[n];
    EXPECT_EQ(group["tracking_id"], "Lesion " + std::to_string(lesion.id));
    EXPECT_EQ(group["tracking_uid"], segmentation["segments"][n]["tracking_uid"]);
    EXPECT_EQ(group["finding"], "SCT:108369006");
    EXPECT_EQ(group["site"], "SCT:45289007");
    EXPECT_EQ(group["laterality"], SideOf(lesion));
    EXPECT_EQ(group["segment"], (Json{{"uid", segmentation["uid"]}, {"number", lesion.id}}));
    EXPECT_EQ(group["source_series_uid"], diagnosed.examination().provenance["reference"]["series_uid"]);
    ExpectMeasurements(group["measurements"], MeasurementsOf(lesion, diagnosis.classes));
  }
  const Json& patient = read["groups"].back();
  EXPECT_EQ(patient["tracking_id"], "Patient");
  EXPECT_TRUE(patient["segment"].is_null());
  ExpectMeasurements(patient["measurements"], MeasurementsOf(diagnosis));
}

// Every thousandth voxel.
std::vector<std::int64_t> SampledVoxels(const image::Geometry& grid) {
  std::vector<std::int64_t> voxels;
  for (std::int64_t v = 0; v < grid.voxel_count(); v += 1009) voxels.push_back(v);
  return voxels;
}

Json PlacesOf(const std::vector<std::int64_t>& voxels, const image::Geometry& grid) {
  Json points = Json::array();
  for (const std::int64_t voxel : voxels) points.push_back(test::PlaceOf(grid, voxel));
  return points;
}

void ExpectMap(const Json& read, const image::Volume& meant, double tolerance) {
  const std::vector<std::int64_t> voxels = SampledVoxels(meant.geometry);
  ASSERT_EQ(read["values"].size(), voxels.size());
  for (std::size_t n = 0; n < voxels.size(); ++n) {
    ASSERT_NEAR(read["values"][n].get<double>(), std::max(meant.voxels[static_cast<std::size_t>(voxels[n])], 0.0F),
                tolerance)
        << n;
  }
}

class OtherReaders : public testing::TestWithParam<test::OtherReader> {};

TEST_P(OtherReaders, ReadTheMasksMeasurementsAndValuesThatWereMeantInStudiesOfEveryVendor) {
  if (!IsThere(GetParam())) GTEST_SKIP() << "needs " << GetParam() << " (scripts/setup.sh installs it into .venv)";
  std::vector<std::pair<physics::Vendor, bool>> studies = {{physics::Vendor::kStandard, true}};
  for (const physics::Vendor vendor : physics::kVendors) studies.emplace_back(vendor, false);
  for (const auto& [vendor, enhanced] : studies) {
    SCOPED_TRACE(physics::NameOf(vendor) + (enhanced ? ", enhanced" : ""));
    const Diagnosed diagnosed(vendor, enhanced);
    ASSERT_EQ(diagnosed.diagnosis().lesions.size(), 1U);
    diagnosed.Write();
    const image::Geometry& grid = diagnosed.lesion_map().geometry;
    base::WriteJson(diagnosed.Object("question.json"), {{"points_world_mm", PlacesOf(SampledVoxels(grid), grid)}});
    const Json read = ReadWith(GetParam(), diagnosed.objects());
    ExpectSegments(read["segmentation.dcm"], diagnosed);
    ExpectReport(read["report.dcm"], read["segmentation.dcm"], diagnosed);
    ExpectMap(read["adc-map.dcm"], *diagnosed.examination().Find(dataset::kAdc), 0.051);
    ExpectMap(read["probability-map.dcm"], diagnosed.tumour_probability(), 1e-5);
  }
}

INSTANTIATE_TEST_SUITE_P(All, OtherReaders, testing::Values(test::kHighdicom, test::kDcmjs),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(DcmtksReader, TakesTheReport) {
  if (std::system("command -v dsrdump >/dev/null 2>&1") != 0) GTEST_SKIP() << "needs dsrdump (Debian package dcmtk)";
  const Diagnosed diagnosed(physics::Vendor::kGe);
  diagnosed.Write();
  const std::string said = test::OutputOf("dsrdump '" + diagnosed.Object("report.dcm").string() + "'");
  for (const char* part : {"Comprehensive 3D SR Document", "UNVERIFIED", "Measurement Group", "Neoplasm",
                           "Parotid gland", "Apparent Diffusion Coefficient"}) {
    EXPECT_NE(said.find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace parotis::results
