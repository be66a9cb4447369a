// Readers that share no code with our writers give back the same masks, places, measurements and values.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.h"
#include "base/json.h"
#include "dicom/measurement_report.h"
#include "tests/results/diagnosed.h"
#include "tests/support/dciodvfy.h"
#include "tests/support/python.h"

namespace parotis::results {
namespace {

bool HasHighdicom() {
  const std::filesystem::path python = test::Python();
  return !python.empty() && std::system(("'" + python.string() + "' -c 'import highdicom' 2>/dev/null").c_str()) == 0;
}

// What of the lesion map is to be read, by lesion.
base::Json LesionsOf(const Diagnosed& diagnosed, const dicom::MeasurementReport& report) {
  base::Json lesions = base::Json::array();
  for (const dataset::Lesion& lesion : diagnosed.diagnosis().lesions) {
    const image::LabelVolume& map = diagnosed.lesion_map();
    std::int64_t voxels = 0;
    image::Vector3 sum = {0, 0, 0};
    for (std::int64_t k = 0; k < map.geometry.size[2]; ++k) {
      for (std::int64_t j = 0; j < map.geometry.size[1]; ++j) {
        for (std::int64_t i = 0; i < map.geometry.size[0]; ++i) {
          if (map.At(i, j, k) != lesion.id) continue;
          ++voxels;
          const image::Vector3 world = image::WorldFromVoxel(
              map.geometry, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
          for (int a = 0; a < 3; ++a) sum[a] += world[a];
        }
      }
    }
    for (double& coordinate : sum) coordinate /= static_cast<double>(voxels);
    const dicom::ReportedGroup& group = report.groups.at(lesions.size());
    std::vector<double> measurements;
    for (const dicom::ReportedMeasurement& measured : group.measurements) measurements.push_back(measured.value);
    lesions.push_back({{"id", lesion.id},
                       {"label", group.tracking_id},
                       {"tracking_uid", group.tracking_uid},
                       {"voxels", voxels},
                       {"centre_world_mm", sum},
                       {"measurements", measurements}});
  }
  return lesions;
}

// Every thousandth voxel.
base::Json SamplesOf(const image::Volume& volume, double tolerance) {
  base::Json samples = base::Json::array();
  const auto& size = volume.geometry.size;
  for (std::int64_t v = 0; v < volume.geometry.voxel_count(); v += 1009) {
    const std::int64_t i = v % size[0], j = v / size[0] % size[1], k = v / (size[0] * size[1]);
    samples.push_back(
        {{"world_mm", image::WorldFromVoxel(volume.geometry,
                                            {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)})},
         {"value", std::max(volume.At(i, j, k), 0.0F)},
         {"tolerance", tolerance}});
  }
  return samples;
}

TEST(OtherReaders, HighdicomReadsWhatWasMeant) {
  if (!HasHighdicom()) GTEST_SKIP() << "needs highdicom (scripts/setup.sh installs it into .venv)";
  for (const physics::Vendor vendor : physics::kVendors) {
    const Diagnosed diagnosed(vendor);
    diagnosed.Write();
    const dicom::MeasurementReport report = dicom::ReadMeasurementReport(diagnosed.Object("report.dcm"));
    base::WriteJson(diagnosed.Object("expected.json"),
                    {{"lesions", LesionsOf(diagnosed, report)},
                     {"adc", SamplesOf(*diagnosed.examination().Find(dataset::kAdc), 0.051)},
                     {"probability", SamplesOf(diagnosed.tumour_probability(), 1e-5)}});
    EXPECT_TRUE(test::RunPython("results/read_with_highdicom.py", diagnosed.objects()))
        << physics::NameOf(vendor) << ": " << base::ReadFile(diagnosed.Object("python.log"));
  }
}

TEST(OtherReaders, DcmtksOwnReaderTakesTheReport) {
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
