#include "app/candidates.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dataset/diagnosis_files.h"
#include "diagnose/lesions.h"

namespace parotis::app {
namespace {

// The bundle that `model` was calibrated from: the same networks. "" when it was not.
std::string UncalibratedHash(const plan::BundleInfo& model) {
  const auto calibration = model.training.find("calibration");
  if (calibration == model.training.end()) return {};
  const auto hash = calibration->find("uncalibrated_sha256");
  return hash != calibration->end() && hash->is_string() ? hash->get<std::string>() : std::string();
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
  if (diagnosis.bundle_hash != model.file_hash && diagnosis.bundle_hash != UncalibratedHash(model)) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} was made with another model; run `parotis predict` with this one", file));
  }
  CheckLesions(diagnosis, model, file);
  return diagnosis;
}

}  // namespace parotis::app
