// Training of one model on one fold. A run folder holds plan.json, run.json (seed, build id, hashes of inputs),
// log.jsonl, checkpoint.safetensors and, at the end, model.safetensors. Started again on the same folder it goes on
// from the checkpoint and, on CPU with the same number of threads, ends with bit-identical weights. This header needs
// no LibTorch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dataset/dataset.h"
#include "plan/plan.h"

namespace parotis::train {

struct TrainRequest {
  std::filesystem::path dataset;
  plan::Plan plan;
  std::string contrast_set;  // "": all channels
  std::vector<std::string> train_cases;
  std::vector<std::string> validation_cases;
  int fold = 0;  // recorded
  std::uint64_t seed = 1;
  std::filesystem::path run_folder;
  std::filesystem::path cache_folder;         // "": prepare::DefaultCacheFolder
  std::optional<std::filesystem::path> from;  // a bundle whose weights are the start
  std::string device = "cpu";
  int threads = 0;
  std::int64_t stop_at = 0;  // stop with a checkpoint after this iteration and write no model yet; 0: go to the end
  std::string name;          // of the bundle; "": contrast set and fold
};

struct TrainSummary {
  std::filesystem::path model;      // empty when the training stopped before its end
  double best_validation_dice = 0;  // mean over foreground labels
  double final_validation_dice = 0;
  double images_per_second = 0;
  std::int64_t iterations = 0;
};

TrainSummary Train(const TrainRequest& request);

}  // namespace parotis::train
