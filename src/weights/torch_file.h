// What torch.save writes: since PyTorch 1.6 a zip archive of data.pkl (a pickle), byteorder and data/0, data/1, … (the
// storages' bytes); before, five pickles and the storages one after the other (torch/serialization.py).
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "weights/named_tensors.h"

namespace parotis::weights {

// A zip archive, or the legacy format's magic number.
bool LooksLikeTorchFile(std::span<const std::byte> bytes);

// The tensors of nested dictionaries and lists, their keys joined by dots. Where the outermost dictionary has one of
// the usual keys for weights (state_dict, model_state_dict, network_weights, …) only what lies below it, and the rest
// is counted in `left_out`. Refused: see weights/refusal.h.
NamedTensors ParseTorchFile(std::span<const std::byte> bytes, const std::string& name);

}  // namespace parotis::weights
