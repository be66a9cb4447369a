// Prepared cases on disk: one safetensors file per case, named by the hash of the plan's preparation part and of
// the case's files, so that a changed file or plan is prepared anew and everything else is reused. A file appears whole
// or not at all, so several processes may share a folder; a file whose checksum is wrong is made anew.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/safetensors.h"
#include "dataset/dataset.h"
#include "plan/plan.h"
#include "prepare/prepare.h"

namespace parotis::prepare {

// A prepared case, mapped from disk: `image` F16 [slices, channels, rows, columns], `label` U8 [slices, rows, columns].
struct CachedCase {
  std::string id;
  std::string patient_id;
  std::string diagnosis;                   // participants.tsv, else the most frequent label's name, else kTumourFree
  std::vector<std::string> channel_names;  // all channels of the plan
  image::Geometry network_grid;
  base::Tensor image;
  base::Tensor label;  // no bytes when the case has no truth; then `diagnosis` may be ""
  std::filesystem::path file;
  bool reused = false;  // found in the cache, not made by this call
  std::shared_ptr<const void> owner;
};

// Prepares what is missing, in parallel with progress, then opens all, in the order of `case_ids`. At most `threads`
// cases are in memory at once (0: as many as the process may use). `cache_folder` is created when needed. Errors name
// the case, the stage and the file; the first failing case ends the call.
std::vector<CachedCase> PrepareDataset(const dataset::Dataset& dataset, const std::vector<std::string>& case_ids,
                                       const plan::Plan& plan, const std::filesystem::path& cache_folder, int threads);

// Where `prepare` and `train` keep the cache unless told otherwise: DATASET/.parotis-cache.
std::filesystem::path DefaultCacheFolder(const dataset::Dataset& dataset);

}  // namespace parotis::prepare
