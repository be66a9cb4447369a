// Nothing of a run's test fold may have touched a choice. Patients are compared by the hashes of their ids, which is
// what the members' own files say they were trained on.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "dataset/dataset.h"

namespace parotis::experiment {

using PatientHashes = std::set<std::string>;  // SHA-256 of patient ids

PatientHashes PatientsOf(const dataset::Dataset& dataset, const std::vector<std::string>& case_ids);
// The patients that a bundle says it was trained on, and those of the weights it started from (plan/patient_history.h).
// Throws kInput when it does not name its own.
PatientHashes TrainedOn(const std::filesystem::path& bundle);
// The same of weights to start from, of any kind; what does not say whom it has seen is warned of.
PatientHashes PatientsBehindWeights(const std::filesystem::path& weights);

// Who took part in making something, and what it was: "member members/…/without-0-1", "the choice of the rule".
struct Involved {
  std::string what;
  PatientHashes patients;
};

// Throws kInput naming what has seen how many of the tested patients, and one case of theirs.
void RefuseLeak(const dataset::Dataset& dataset, const std::vector<std::string>& tested_cases,
                const std::vector<Involved>& involved);

}  // namespace parotis::experiment
