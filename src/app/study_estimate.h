// `parotis study --dry-run`: the tasks, and what they will cost.
#pragma once

#include <filesystem>
#include <string>

#include "experiment/setting.h"

namespace parotis::app {

// Measures every variant in `workers` processes side by side and prints tasks and estimate. Writes nothing into the
// study's folder.
int PrintEstimate(const experiment::Setting& setting, int workers);

// What each of these processes does: measures and prints JSON.
int PrintCost(const dataset::Dataset& dataset, const std::filesystem::path& plan, const std::string& contrast_set,
              const experiment::Computing& computing);

}  // namespace parotis::app
