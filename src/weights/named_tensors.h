// A file of weights from anywhere as a list of named tensors: safetensors (ours or others'), and what torch.save writes
// (.pt, .pth). Reading executes nothing: see weights/pickle.h.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/safetensors.h"

namespace parotis::weights {

struct NamedTensor {
  std::string name;  // printable ASCII when it comes from a .pt file
  base::Tensor tensor;
};

struct NamedTensors {
  std::string format;                               // "safetensors", "PyTorch", "PyTorch before 1.6"
  std::string wrapper;                              // the key below which they lay in the file ("state_dict"); else ""
  std::vector<NamedTensor> tensors;                 // in the file's order; safetensors: by name, numbers by size
  std::map<std::string, std::size_t> left_out;      // tensors beside the wrapper, counted by the file's outermost key
  std::map<std::string, std::string> metadata;      // safetensors only
  std::vector<std::shared_ptr<const void>> owners;  // of the memory that the tensors point to
};

// The file is mapped. Throws kRefused (weights/refusal.h) for what is unsafe, damaged or of another kind, kInput for a
// damaged safetensors file.
NamedTensors ReadNamedTensors(const std::filesystem::path& path);
// The same for bytes that outlive the result; `name` is for messages.
NamedTensors ParseNamedTensors(std::span<const std::byte> bytes, const std::string& name);

// True for what begins like a safetensors file; says nothing about the rest.
bool LooksLikeSafetensors(std::span<const std::byte> bytes);

}  // namespace parotis::weights
