// One task of a study, from nothing or from where it was interrupted.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "experiment/setting.h"
#include "experiment/steps.h"

namespace parotis::experiment {

// Does the task in its own folder, which is locked; returns at once when it is done already. A task that fails leaves
// its reason in failed.json and throws. `machine` is recorded with the result.
void DoTask(const Setting& setting, std::size_t index, const Steps& steps, const std::string& machine);

// Why the task failed when it was last tried.
std::optional<std::string> FailureOf(const std::filesystem::path& folder);
void WriteFailure(const std::filesystem::path& folder, const std::string& reason);

}  // namespace parotis::experiment
