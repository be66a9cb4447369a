// What a training works on: the opened dataset, the prepared cases, the description of the model to be, and the folder
// that records all of it (plan.json, run.json). Needs no LibTorch.
#pragma once

#include <string>
#include <vector>

#include "dataset/dataset.h"
#include "plan/bundle_info.h"
#include "prepare/cache.h"
#include "train/train.h"

namespace parotis::train {

struct Run {
  dataset::Dataset dataset;
  std::vector<prepare::CachedCase> cases;  // of training
  std::vector<std::string> validated;      // case ids: the fold's, or as many as the plan wants, drawn by the seed
  plan::BundleInfo info;                   // of the model; `training` says from what, with hashes of the patients' ids
  std::string identity;                    // hash of all that decides the outcome, for checkpoints
};

// Prepares what is missing in the cache and writes plan.json and run.json. `facts`: recorded as they are (torch
// version, threads, device, precision). Throws kInput when a patient is both in training and validation.
Run OpenRun(const TrainRequest& request, const base::Json& facts);

}  // namespace parotis::train
