// What a study will cost, from what a little of it cost: `study --dry-run`.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "experiment/setting.h"

namespace parotis::experiment {

// Measured with as many processes side by side as there will be.
struct MeasuredCost {
  double seconds_per_iteration = 0;
  double seconds_per_prediction = 0;  // of a case, by one network
  double seconds_to_start = 0;        // a process, its libraries included
  std::int64_t peak_bytes = 0;        // of one process
  std::int64_t prepared_bytes = 0;    // of a case in the cache
  std::int64_t model_bytes = 0;
  std::int64_t checkpoint_bytes = 0;
};

struct Estimate {
  std::size_t members = 0, runs = 0, finals = 0;
  double member_seconds = 0, run_seconds = 0, final_seconds = 0;  // of all of them together, one after the other
  double seconds = 0;                                             // of the study
  std::int64_t memory_bytes = 0;
  std::int64_t cache_bytes = 0;  // of prepared cases
  std::int64_t runs_bytes = 0;   // of the study's folder
};

// How often each task has one network look at one case, by index. Opens the study's further test datasets.
std::vector<std::size_t> PredictionsOf(const Setting& setting);

// `by_variant`: measured for each. What is not predicted: preparing cases, reading them, evaluation.
Estimate EstimateStudy(const Setting& setting, const std::map<std::string, MeasuredCost>& by_variant, int workers);

}  // namespace parotis::experiment
