// A hundred and twenty studies as `simulate --dicom --clutter` draws them: five vendors, eight languages, spoilt and
// repeated runs, other regions, derived and missing series. The scanner itself knows which series serve; nothing was
// tuned to its words.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "dicom/index.h"
#include "scanner/dicom_study.h"
#include "tests/solver/study_checks.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake::studies {
namespace {

// PAROTIS_DRAWN_STUDIES: how many of each vendor, for a longer look.
std::int64_t StudiesPerVendor() {
  const char* wanted = std::getenv("PAROTIS_DRAWN_STUDIES");
  return wanted == nullptr ? 24 : std::atoll(wanted);
}

// Every second pixel: headers decide here, and files are fewer bytes.
void Halve(image::Volume& volume) {
  const image::Geometry fine = volume.geometry;
  image::Geometry coarse = fine;
  for (int axis = 0; axis < 2; ++axis) {
    coarse.size[axis] /= 2;
    coarse.spacing_mm[axis] *= 2;
  }
  image::Volume halved(coarse);
  for (std::int64_t k = 0; k < coarse.size[2]; ++k) {
    for (std::int64_t j = 0; j < coarse.size[1]; ++j) {
      for (std::int64_t i = 0; i < coarse.size[0]; ++i) halved.At(i, j, k) = volume.At(2 * i, 2 * j, k);
    }
  }
  volume = std::move(halved);
}

physics::Examination& Scanned() {
  static const phantom::Priors priors = phantom::DefaultPriors();
  static physics::Examination examination =
      physics::Scan(phantom::DrawPatient(priors, 13, 0, "pleomorphic"), priors, {.extras = true});
  return examination;
}

// What the scanner meant each series for. Where the diffusion images are missing, their map serves nobody.
Truth MeantFor(const scanner::DicomStudy& study) {
  Truth truth;
  for (const scanner::DicomSeries& series : study.series) {
    if (series.role == "t2") truth.t2 = series.header.number;
    if (series.role == "t1c") truth.t1c = series.header.number;
    if (series.role == "adc") truth.adc = series.header.number;
    if (series.role == "dwi") truth.dwi.push_back(series.header.number);
  }
  std::sort(truth.dwi.begin(), truth.dwi.end());
  return truth;
}

class DrawnStudies : public testing::TestWithParam<physics::Vendor> {};

TEST_P(DrawnStudies, TheRightSeriesAreChosen) {
  physics::Examination examination = Scanned();
  examination.protocol.vendor = GetParam();
  std::int64_t right = 0;
  for (std::int64_t index = 0; index < StudiesPerVendor(); ++index) {
    examination.patient.index = index;
    scanner::DicomStudy written = scanner::MakeDicomStudy(examination, {.clutter = true});
    for (scanner::DicomSeries& series : written.series) {
      for (dicom::MrVolume& volume : series.volumes) Halve(volume.image);
    }
    const test::TemporaryFolder folder;
    scanner::WriteDicomStudy(folder.path() / "study", written);
    const dicom::Study study = dicom::IndexDicom(folder.path()).studies.at(0);
    const StudyRoles roles = AssignRoles(study);
    const std::string answer = Answer(AnswerOf(study, roles));
    const std::string wanted = Answer(MeantFor(written));
    right += answer == wanted ? 1 : 0;
    if (answer == wanted) continue;
    std::string why = fmt::format("study {}: {} instead of {}", index, answer, wanted);
    for (std::size_t s = 0; s < study.series.size(); ++s)
      why += fmt::format("\n  {} {}: {}", study.series[s].number.value_or(-1), study.series[s].description,
                         roles.series[s].reason);
    ADD_FAILURE() << why;
  }
  RecordProperty("right", fmt::format("{} of {}", right, StudiesPerVendor()));
}

INSTANTIATE_TEST_SUITE_P(AllVendors, DrawnStudies, testing::ValuesIn(physics::kVendors),
                         [](const auto& each) { return physics::NameOf(each.param); });

}  // namespace
}  // namespace parotis::intake::studies
