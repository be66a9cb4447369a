#include "experiment/guard.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/log.h"
#include "plan/bundle_info.h"

namespace parotis::experiment {
namespace {

constexpr const char* kPatients = "patient_id_sha256";

}  // namespace

PatientHashes PatientsOf(const dataset::Dataset& dataset, const std::vector<std::string>& case_ids) {
  PatientHashes hashes;
  for (const std::string& id : case_ids) hashes.insert(base::HashOf(dataset.PatientOf(id)));
  return hashes;
}

PatientHashes TrainedOn(const std::filesystem::path& bundle) {
  const plan::BundleInfo info = plan::ReadBundleInfo(bundle);
  if (!info.training.contains(kPatients)) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} does not say which patients it was trained on, so that nobody can tell whether it has "
                            "seen those it is tested on; train it with `parotis train`",
                            bundle.string()));
  }
  base::JsonObject training(info.training, bundle.string() + ": training");
  const auto list = training.Get<std::vector<std::string>>(kPatients);
  return {list.begin(), list.end()};
}

PatientHashes PatientsBehindWeights(const std::filesystem::path& weights) {
  try {
    return TrainedOn(weights);
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::kInput) throw;
    base::Warn("nobody can tell whether the weights to start from have seen patients of this study: {}", error.what());
    return {};
  }
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
