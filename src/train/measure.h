// What training and prediction cost on this machine, measured by doing a little of both. This header needs no LibTorch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataset/case.h"
#include "plan/plan.h"

namespace parotis::train {

struct Cost {
  double seconds_per_iteration = 0;
  double seconds_per_prediction = 0;  // of a case like the one that was measured, by one network
  std::int64_t peak_bytes = 0;        // of this process so far, its libraries included
  std::int64_t prepared_bytes = 0;    // of the case in the cache
  std::int64_t model_bytes = 0;
  std::int64_t checkpoint_bytes = 0;
};

// Iterations on slices of `examination`, which has all of the plan's channels, with random labels, made and augmented
// as in training; then its prediction.
Cost MeasureCost(const dataset::Case& examination, const plan::Plan& plan, const std::string& contrast_set,
                 const std::string& device, int threads);

}  // namespace parotis::train
