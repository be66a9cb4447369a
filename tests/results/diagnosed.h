// A scanned study on disk, loaded and diagnosed by a network that knows the truth.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "diagnose/diagnose.h"
#include "dicom/index.h"
#include "intake/load_case.h"
#include "results/study_objects.h"
#include "scanner/dicom_study.h"
#include "tests/support/temporary_folder.h"

namespace parotis::results {

inline const phantom::Priors& Priors() {
  static const phantom::Priors priors = phantom::DefaultPriors();
  return priors;
}

inline const physics::Examination& Scanned() {
  static const physics::Examination scanned =
      physics::Scan(phantom::DrawPatient(Priors(), 13, 0, "pleomorphic"), Priors(), {.extras = true});
  return scanned;
}

// What a network that knows the truth would say.
inline dataset::Prediction PredictionOf(const dataset::Case& examination) {
  const dataset::Case truth = physics::ToCase(Scanned(), Priors());
  dataset::Prediction prediction;
  prediction.case_id = examination.id;
  prediction.label_names = {"background", "warthin", "pleomorphic", "malignant"};
  prediction.labels = image::LabelVolume(examination.grid);
  prediction.probabilities.assign(4, image::Volume(examination.grid));
  for (std::size_t v = 0; v < prediction.labels.voxels.size(); ++v) {
    const bool tumour = truth.truth->voxels[v] != 0;
    const std::array<float, 4> probabilities =
        tumour ? std::array{0.1F, 0.2F, 0.6F, 0.1F} : std::array{0.97F, 0.01F, 0.01F, 0.01F};
    for (std::size_t label = 0; label < 4; ++label) prediction.probabilities[label].voxels[v] = probabilities[label];
    prediction.labels.voxels[v] = tumour ? 2 : 0;
  }
  prediction.bundle_hash = std::string(64, 'b');
  return prediction;
}

// A study on disk, loaded and diagnosed.
class Diagnosed {
 public:
  // `change` does something to the folder of the study before it is loaded.
  explicit Diagnosed(
      physics::Vendor vendor, bool enhanced = false,
      const std::function<void(const std::filesystem::path&)>& change = [](const std::filesystem::path&) {}) {
    physics::Examination examination = Scanned();
    examination.protocol.vendor = vendor;
    scanner::WriteDicomStudy(folder_.path() / "study", scanner::MakeDicomStudy(examination, {.enhanced = enhanced}));
    change(folder());
    index_ = dicom::IndexDicom(folder());
    examination_ = intake::LoadCase(study(), {"T2", "T1C", "B0", "B1000", "ADC"});
    const dataset::Prediction prediction = PredictionOf(examination_);
    plan::DiagnosisPlan rule;
    result_ = diagnose::Diagnose(prediction, examination_, rule);
    tumour_ = prediction.probabilities[0];
    for (float& voxel : tumour_.voxels) voxel = 1 - voxel;
    model_.name = "parotis-test-1";
    model_.file_hash = std::string(64, 'e');
    model_.channels = examination_.channel_names;
  }

  const dicom::Study& study() const { return index_.studies.at(0); }
  const image::Volume& tumour_probability() const { return tumour_; }
  const image::LabelVolume& lesion_map() const { return result_.lesion_map; }
  std::filesystem::path folder() const { return folder_.path() / "study"; }
  std::filesystem::path objects() const { return folder_.path() / "objects"; }
  const dataset::Diagnosis& diagnosis() const { return result_.diagnosis; }
  // Leaves nothing that was found.
  void Forget() {
    const dataset::Diagnosis found = result_.diagnosis;
    result_.diagnosis = {};
    result_.diagnosis.case_id = found.case_id;
    result_.diagnosis.classes = found.classes;
    result_.diagnosis.reason = "Nothing reached the threshold.";
    result_.lesion_map = image::LabelVolume(examination_.grid);
  }
  const dataset::Case& examination() const { return examination_; }
  std::filesystem::path Object(const std::string& file) const { return objects() / file; }

  std::vector<StudyObject> WriteOf(const dicom::Study& study, const std::string& settings = "{}") const {
    std::filesystem::create_directories(objects());
    return WriteStudyObjects([&](const std::string& file) { return objects() / file; },
                             {study, examination_, result_, tumour_, model_, settings, 1700000000});
  }
  std::vector<StudyObject> Write(const std::string& settings = "{}") const { return WriteOf(study(), settings); }

 private:
  test::TemporaryFolder folder_;
  dicom::Index index_;
  dataset::Case examination_;
  diagnose::Result result_;
  image::Volume tumour_;
  plan::BundleInfo model_;
};

}  // namespace parotis::results
