// A dataset of tiny cases on disk, and predictions for it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/json.h"
#include "dataset/dataset.h"
#include "dataset/diagnosis.h"
#include "image/nifti.h"
#include "tests/support/temporary_folder.h"

namespace parotis::evaluate::test {

inline image::Geometry SmallGrid() {
  image::Geometry grid;
  grid.size = {16, 12, 4};
  grid.spacing_mm = {2, 2, 5};
  return grid;
}

// A block of `label` (0: nothing), 4 × 4 × 2 voxels, `shift` voxels along i.
inline image::LabelVolume BlockOf(std::uint8_t label, std::int64_t shift = 0) {
  image::LabelVolume map(SmallGrid());
  for (std::int64_t k = 1; k < 3; ++k) {
    for (std::int64_t j = 4; j < 8; ++j) {
      for (std::int64_t i = 4; i < 8; ++i) map.At(i + shift, j, k) = label;
    }
  }
  return map;
}

struct SmallCase {
  std::string id;
  std::string patient;
  std::string diagnosis;  // "": not recorded
  std::uint8_t label;
};

class SmallCohort {
 public:
  explicit SmallCohort(const std::vector<SmallCase>& cases, const std::string& description = "A synthetic cohort") {
    dataset::DatasetWriter writer(folder(), "Small", {"T2"}, {"background", "alpha", "beta", "gamma"}, description);
    for (const SmallCase& item : cases) {
      dataset::Case examination;
      examination.id = item.id;
      examination.grid = SmallGrid();
      examination.channel_names = {"T2"};
      examination.channels = {image::Volume(SmallGrid(), 1.0F)};
      examination.truth = BlockOf(item.label);
      dataset::Participant participant;
      participant.patient_id = item.patient;
      participant.case_id = item.id;
      participant.diagnosis = item.diagnosis;
      writer.Add(examination, participant);
    }
    writer.Finish();
    std::filesystem::create_directories(predictions());
  }

  std::filesystem::path folder() const { return root_.path() / "dataset"; }
  std::filesystem::path predictions() const { return root_.path() / "predictions"; }
  std::filesystem::path root() const { return root_.path(); }

  void Predict(const std::string& id, const image::LabelVolume& map) const {
    image::WriteNifti(predictions() / (id + ".nii.gz"), map);
  }
  void Diagnose(const std::string& id, const dataset::Diagnosis& diagnosis) const {
    base::WriteJson(predictions() / (id + ".diagnosis.json"), dataset::ToJson(diagnosis));
  }

 private:
  parotis::test::TemporaryFolder root_;
};

}  // namespace parotis::evaluate::test
