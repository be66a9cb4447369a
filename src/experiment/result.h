// What a finished task leaves: result.json, written last and whole, with the hashes of everything that was made. A task
// without it is done again, from its checkpoint where there is one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/json.h"
#include "experiment/setting.h"

namespace parotis::experiment {

struct Result {
  std::string identity;  // hash of all that decides the outcome
  base::Json files;      // name → SHA-256 of the file, or of the names and hashes of what a folder holds
  double seconds = 0;    // since the task was last started
  std::string machine;
};

// Of the weights, predictions and evaluations in the folder of a task; the evaluation of a further test by its own path
// ("tests/NAME/evaluation.json"), too.
base::Json HashesOf(const std::filesystem::path& folder);
void WriteResult(const std::filesystem::path& folder, const Result& result);
std::optional<Result> ReadResult(const std::filesystem::path& folder);

// Everything that decides what a task makes, hashed. A run's members must be done.
std::string IdentityOf(const Setting& setting, const Task& task);
// Whether the task's result is there, whole and this study's. Throws kUsage when a member was made by something else
// (its weights to start from have changed): hours of work are not thrown away silently. A run like that is done anew.
bool IsDone(const Setting& setting, const Task& task);

}  // namespace parotis::experiment
