// Where training stands, in one safetensors file written atomically: after a crash or SIGKILL the last one is whole.
// There is no other state: batches and augmentation follow from (seed, iteration).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "model/torch.h"

namespace parotis::train {

struct Progression {
  std::int64_t iteration = 0;           // next to do
  double last_dice = 0, best_dice = 0;  // of the validations so far
  std::int64_t best_iteration = 0;
  std::uint64_t log_bytes = 0;  // length of log.jsonl at this point
  double seconds = 0;           // spent on learning so far
  std::int64_t images = 0;      // learnt from in that time
  std::string identity;         // hash of plan, seed, inputs: another training's checkpoint is refused
};

void SaveCheckpoint(const std::filesystem::path& path, const Progression& progression,
                    const std::map<std::string, torch::Tensor>& state);
// Fills `state` in place; nothing when there is no file. Throws kUsage when it belongs to another training than
// `identity`.
std::optional<Progression> LoadCheckpoint(const std::filesystem::path& path, const std::string& identity,
                                          const std::map<std::string, torch::Tensor>& state);

}  // namespace parotis::train
