// Which tensor of a file belongs to which tensor of our network: by the names of a known project
// (weights/unet_names.h), else by the order and the shapes of the encoder's convolutions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "weights/named_tensors.h"

namespace parotis::weights {

struct NetworkTensor {
  std::string name;  // ours
  std::vector<std::int64_t> shape;
};

struct MatchedTensor {
  std::string name;                 // ours
  std::optional<std::size_t> from;  // place in the file's list; nothing: the file has none
  // Of a convolution: its bias in the file, for which this network has no place (a norm follows).
  std::optional<std::size_t> bias;
  // Of a decoder's first convolution: the file's reads the encoder's features before the upsampled ones.
  bool skip_first = false;
};

struct Matching {
  std::string project;                 // of the names; "" when the encoder was matched by order
  std::string prefix;                  // before the file's names ("module.")
  std::string difference;              // what the file's network computes differently, as far as the project says
  std::vector<MatchedTensor> tensors;  // in the order given
};

// By names: the project and the prefix by which most tensors are found, at least three convolutions. By order: the
// encoder's convolutions, finest first, each with the next of the file's 3×3 (3×3×3) convolutions that has its numbers
// of channels (of the first, only those that it makes), and the norm that follows it; all else without a match.
Matching MatchTensors(const NamedTensors& file, const std::vector<NetworkTensor>& network);

}  // namespace parotis::weights
