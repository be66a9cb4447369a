// Every kind of object that the scanner writes is valid by an independent judge, dciodvfy of dicom3tools.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/file_list.h"
#include "scanner/dicom_study.h"
#include "tests/support/dciodvfy.h"
#include "tests/support/temporary_folder.h"

namespace parotis::scanner {
namespace {

namespace fs = std::filesystem;

physics::Examination ScanOf(bool extended) {
  const phantom::Priors priors = phantom::DefaultPriors();
  physics::Examination examination = physics::Scan(
      DrawPatient(priors, 13, 0, "pleomorphic"), priors,
      {.kind = extended ? physics::ProtocolKind::kExtended : physics::ProtocolKind::kPaper, .extras = true});
  // A few frames and b-values tell as much as many.
  if (examination.dynamic) {
    examination.dynamic->frames.resize(3);
    examination.dynamic->times_s.resize(3);
  }
  return examination;
}

const physics::Examination& Scanned(bool extended) {
  static const physics::Examination paper = ScanOf(false);
  static const physics::Examination many = ScanOf(true);
  return extended ? many : paper;
}

// With the directions along the axes, or without any.
physics::Examination WithDirections(physics::Examination examination, bool directions) {
  std::vector<physics::DiffusionVolume> volumes;
  for (const physics::DiffusionVolume& volume : examination.diffusion) {
    if (volume.direction) continue;
    if (directions && volume.b_s_mm2 > 0)
      volumes.push_back({volume.b_s_mm2, image::Vector3{0, 0.6, 0.8}, volume.image});
    volumes.push_back(volume);
  }
  examination.diffusion = volumes;
  return examination;
}

struct Way {
  physics::Vendor vendor;
  bool enhanced, directions, extended;
};

class Validity : public testing::TestWithParam<Way> {};

TEST_P(Validity, NoObjectHasAnError) {
  if (!test::HasDciodvfy()) GTEST_SKIP() << "needs dciodvfy (Debian package dicom3tools)";
  const Way& way = GetParam();
  physics::Examination examination = WithDirections(Scanned(way.extended), way.directions);
  examination.protocol.vendor = way.vendor;
  // Eight patients differ in what lies beside the examination.
  for (int index = 0; index < 8; ++index) {
    examination.patient.index = index;
    const test::TemporaryFolder folder;
    DicomStudy study = MakeDicomStudy(examination, {.enhanced = way.enhanced, .clutter = true});
    // Slices of a series differ in place alone: three do.
    for (DicomSeries& series : study.series) {
      for (dicom::MrVolume& volume : series.volumes) {
        auto& grid = volume.image.geometry;
        grid.size[2] = std::min<std::int64_t>(grid.size[2], 3);
        volume.image.voxels.resize(static_cast<std::size_t>(grid.voxel_count()));
      }
    }
    WriteDicomStudy(folder.path() / "study", study);
    for (const fs::path& series : fs::directory_iterator(folder.path() / "study")) {
      const auto files = base::FilesBelow(series);
      for (const std::size_t which : {std::size_t{0}, files.size() - 1}) {
        const std::string said = test::OutputOf("dciodvfy " + files[which].string());
        ASSERT_THAT(said, testing::Not(testing::HasSubstr("Error"))) << files[which];
        ASSERT_THAT(said, testing::AnyOf(testing::HasSubstr("MRImage"), testing::HasSubstr("SCImage")));
        if (files.size() == 1) break;
      }
    }
    if (way.extended) break;
  }
}

std::vector<Way> Ways() {
  std::vector<Way> ways;
  for (const physics::Vendor vendor : physics::kVendors) {
    for (const bool enhanced : {false, true}) {
      for (const bool directions : {false, true}) ways.push_back({vendor, enhanced, directions, false});
      ways.push_back({vendor, enhanced, false, true});
    }
  }
  return ways;
}

INSTANTIATE_TEST_SUITE_P(AllVendors, Validity, testing::ValuesIn(Ways()), [](const auto& each) {
  return fmt::format("{}{}{}{}", physics::NameOf(each.param.vendor), each.param.enhanced ? "Enhanced" : "Classic",
                     each.param.directions ? "Directions" : "", each.param.extended ? "Dynamic" : "");
});

}  // namespace
}  // namespace parotis::scanner
