#include "experiment/guard.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/log.h"
#include "plan/patient_history.h"

namespace parotis::experiment {
PatientHashes PatientsOf(const dataset::Dataset& dataset, const std::vector<std::string>& case_ids) {
  PatientHashes hashes;
  for (const std::string& id : case_ids) hashes.insert(base::HashOf(dataset.PatientOf(id)));
  return hashes;
}

PatientHashes TrainedOn(const std::filesystem::path& bundle) {
  const plan::BundleInfo info = plan::ReadBundleInfo(bundle);
  if (!info.training.contains(plan::kTrainingPatients)) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} does not say which patients it was trained on, so that nobody can tell whether it has "
                            "seen those it is tested on; train it with `parotis train`",
                            bundle.string()));
  }
  return plan::HistoryOf(info).patients;
}

PatientHashes PatientsBehindWeights(const std::filesystem::path& weights) {
  const plan::PatientHistory history = plan::HistoryOfWeights(weights);
  for (const std::string& source : history.unknown)
    base::Warn("{} does not say on whom it was trained: it may have seen patients of this study", source);
  return history.patients;
}

void RefuseLeak(const dataset::Dataset& dataset, const std::vector<std::string>& tested_cases,
                const std::vector<Involved>& involved) {
  for (const Involved& part : involved) {
    PatientHashes seen;
    std::string example;
    for (const std::string& id : tested_cases) {
      const std::string hash = base::HashOf(dataset.PatientOf(id));
      if (!part.patients.contains(hash)) continue;
      seen.insert(hash);
      example = id;
    }
    if (seen.empty()) continue;
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} has seen {} of the patients that are to be tested, among them that of case {}: the "
                            "result would be worthless, so nothing was tested",
                            part.what, seen.size(), example));
  }
}

}  // namespace parotis::experiment
