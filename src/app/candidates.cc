#include "app/candidates.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dataset/diagnosis_files.h"
#include "diagnose/lesions.h"

namespace parotis::app {
namespace {

// Whether `parotis calibrate` made `model` of that bundle: the same networks.
bool IsMadeOf(const plan::BundleInfo& model, const std::string& bundle_hash) {
  for (const char* place : {"/calibration/uncalibrated_sha256", "/calibration/reliability/measured_sha256"}) {
    const base::Json::json_pointer pointer(place);
    if (model.training.contains(pointer) && model.training[pointer] == bundle_hash) return true;
  }
  return false;
}

void CheckLesions(const dataset::Diagnosis& diagnosis, const plan::BundleInfo& model, const std::string& file) {
  const std::vector<std::string>& labels = model.plan.labels;
  if (!std::equal(diagnosis.classes.begin(), diagnosis.classes.end(), labels.begin() + 1, labels.end()))
    base::Throw(base::ErrorKind::kInput, fmt::format("{} has other classes than the model; predict again", file));
  bool are_whole = diagnosis.lesions.size() <= diagnose::kMostLesions;
  for (const dataset::Lesion& lesion : diagnosis.lesions)
    are_whole &= lesion.network_probabilities.size() == diagnosis.classes.size();
  if (!are_whole) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} does not say of each lesion what the network said; predict again", file));
  }
}

}  // namespace

dataset::Diagnosis ReadCandidates(const std::filesystem::path& folder, const std::string& case_id,
                                  const plan::BundleInfo& model) {
  dataset::Diagnosis diagnosis = dataset::ReadDiagnosis(folder, case_id);
  const std::string file = dataset::DiagnosisFile(folder, case_id).string();
  if (diagnosis.bundle_hash != model.file_hash && !IsMadeOf(model, diagnosis.bundle_hash)) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} was made with another model; run `parotis predict` with this one", file));
  }
  CheckLesions(diagnosis, model, file);
  return diagnosis;
}

}  // namespace parotis::app
