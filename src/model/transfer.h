// Weights of another network as a start: of a bundle, of any safetensors file, of a PyTorch checkpoint (src/weights).
// Nothing is dropped in silence: every tensor of either side has a row.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "model/unet.h"
#include "plan/bundle_info.h"

namespace parotis::model {

enum class TransferOutcome {
  kCopied,   // as it is
  kAdapted,  // channels, labels, depth or order were changed; `what` says how
  kFresh,    // as a new training begins; `what` says why
  kNotUsed,  // of the file only
};

struct TransferRow {
  std::string tensor;  // of the network; "" for kNotUsed
  std::string from;    // of the file; "" for kFresh
  TransferOutcome outcome = TransferOutcome::kCopied;
  std::string what;
};

struct TransferReport {
  std::string file;                 // its name without folder
  std::string format;               // as in weights::NamedTensors
  std::string project, prefix;      // as in weights::Matching
  std::string difference;           // what the file's network computes differently
  std::string wrapper;              // the key below which the weights lay
  std::vector<TransferRow> rows;    // of the network in order of name, then of the file
  std::vector<std::string> beside;  // "optimizer_state: 310 tensors": not weights, not read

  int Count(TransferOutcome outcome) const;
};

// Starts `network` (described by `info`) from a file; info.plan.transfer says how channels and labels are treated.
// The rules are docs/transfer.md. Throws kInput when nothing fits, or when a tensor that fits holds no finite numbers;
// as weights::ReadNamedTensors for files that cannot be read.
TransferReport TransferWeights(const std::filesystem::path& path, const plan::BundleInfo& info, UNet& network);

base::Json ToJson(const TransferReport& report);
// Lines for a person: what the file is, the network's tensors in aligned columns, the file's unused ones by reason.
std::vector<std::string> TableOf(const TransferReport& report);

}  // namespace parotis::model
