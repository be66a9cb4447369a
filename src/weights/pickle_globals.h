// Which names of Python a file of weights may ask for, and what stands for them here. Nothing is ever looked up or
// called in Python's sense: each name has one of these meanings, and a name that has none is refused.
#pragma once

#include <optional>
#include <string_view>

#include "base/safetensors.h"

namespace parotis::weights {

enum class GlobalMeaning {
  kDictionary,         // collections.OrderedDict, dict, …
  kSize,               // torch.Size: a tuple
  kTensor,             // torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, …)
  kParameter,          // torch._utils._rebuild_parameter(tensor, …)
  kTensorWithSubtype,  // torch._tensor._rebuild_from_type_v2(function, type, arguments, state)
  kStorage,            // torch.FloatStorage, …
  kData,               // plain data that no tensor needs (numpy's scalars, torch.device, paths): kept as a blank
};

struct GlobalRow {
  std::string_view module, name;
  GlobalMeaning meaning;
  base::DType dtype = base::DType::kF32;  // kStorage only
};

// Null for a name that weights do not need.
const GlobalRow* FindGlobal(std::string_view module, std::string_view name);

}  // namespace parotis::weights
