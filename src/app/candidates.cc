#include "app/candidates.h"

#include <fmt/format.h>

#include "base/error.h"
#include "dataset/diagnosis_files.h"

namespace parotis::app {
namespace {

// The bundle that `model` was calibrated from: the same networks. "" when it was not.
std::string UncalibratedHash(const plan::BundleInfo& model) {
  const auto calibration = model.training.find("calibration");
  if (calibration == model.training.end()) return {};
  const auto hash = calibration->find("uncalibrated_sha256");
  return hash != calibration->end() && hash->is_string() ? hash->get<std::string>() : std::string();
}

}  // namespace

dataset::Diagnosis ReadCandidates(const std::filesystem::path& folder, const std::string& case_id,
                                  const plan::BundleInfo& model) {
  dataset::Diagnosis diagnosis = dataset::ReadDiagnosis(folder, case_id);
  if (diagnosis.bundle_hash != model.file_hash && diagnosis.bundle_hash != UncalibratedHash(model)) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} was made with another model; run `parotis predict` with this one",
                            dataset::DiagnosisFile(folder, case_id).string()));
  }
  return diagnosis;
}

}  // namespace parotis::app
