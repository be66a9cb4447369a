#include "dataset/diagnosis_files.h"

#include <fmt/format.h>

#include "base/error.h"

namespace parotis::dataset {

namespace fs = std::filesystem;

fs::path DiagnosisFile(const fs::path& folder, const std::string& case_id) {
  return folder / (case_id + ".diagnosis.json");
}

fs::path LesionMapFile(const fs::path& folder, const std::string& case_id, const std::string& file_ending) {
  return folder / "lesions" / (case_id + file_ending);
}

Diagnosis ReadDiagnosis(const fs::path& folder, const std::string& case_id) {
  const fs::path path = DiagnosisFile(folder, case_id);
  Diagnosis diagnosis = DiagnosisFromJson(base::ReadJson(path), path.string());
  if (diagnosis.case_id != case_id) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} is the diagnosis of case {}; give each file the name of its own case", path.string(),
                            diagnosis.case_id));
  }
  return diagnosis;
}

}  // namespace parotis::dataset
