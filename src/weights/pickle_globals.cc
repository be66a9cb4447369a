#include "weights/pickle_globals.h"

#include <algorithm>
#include <array>

namespace parotis::weights {
namespace {

using base::DType;
using enum GlobalMeaning;

// What torch.save (torch/serialization.py, torch/_utils.py) and the training frameworks around it write into a
// checkpoint. kData rows are constructors of values: whatever is made by them is a blank that only may lie about.
constexpr auto kGlobals = std::to_array<GlobalRow>({
    {"collections", "OrderedDict", kDictionary},
    {"collections", "defaultdict", kDictionary},
    {"collections", "Counter", kDictionary},
    {"builtins", "dict", kDictionary},
    {"__builtin__", "dict", kDictionary},
    {"torch", "Size", kSize},
    {"torch._utils", "_rebuild_tensor", kTensor},
    {"torch._utils", "_rebuild_tensor_v2", kTensor},
    {"torch._utils", "_rebuild_parameter", kParameter},
    {"torch._utils", "_rebuild_parameter_with_state", kParameter},
    {"torch._tensor", "_rebuild_from_type_v2", kTensorWithSubtype},
    {"torch", "DoubleStorage", kStorage, DType::kF64},
    {"torch", "FloatStorage", kStorage, DType::kF32},
    {"torch", "HalfStorage", kStorage, DType::kF16},
    {"torch", "BFloat16Storage", kStorage, DType::kBF16},
    {"torch", "LongStorage", kStorage, DType::kI64},
    {"torch", "IntStorage", kStorage, DType::kI32},
    {"torch", "ShortStorage", kStorage, DType::kI16},
    {"torch", "CharStorage", kStorage, DType::kI8},
    {"torch", "ByteStorage", kStorage, DType::kU8},
    {"torch", "BoolStorage", kStorage, DType::kBool},
    {"torch", "Tensor", kData},
    {"torch.nn.parameter", "Parameter", kData},
    {"torch", "device", kData},
    {"torch", "float64", kData},
    {"torch", "float32", kData},
    {"torch", "float16", kData},
    {"torch", "bfloat16", kData},
    {"torch", "int64", kData},
    {"torch", "int32", kData},
    {"torch", "int16", kData},
    {"torch", "int8", kData},
    {"torch", "uint8", kData},
    {"torch", "bool", kData},
    {"torch.torch_version", "TorchVersion", kData},
    {"torch.serialization", "_get_layout", kData},
    {"numpy", "dtype", kData},
    {"numpy", "ndarray", kData},
    {"numpy", "float64", kData},
    {"numpy", "float32", kData},
    {"numpy", "int64", kData},
    {"numpy", "int32", kData},
    {"numpy", "bool_", kData},
    {"numpy.core.multiarray", "scalar", kData},
    {"numpy.core.multiarray", "_reconstruct", kData},
    {"numpy._core.multiarray", "scalar", kData},
    {"numpy._core.multiarray", "_reconstruct", kData},
    {"_codecs", "encode", kData},
    {"builtins", "list", kData},
    {"builtins", "int", kData},
    {"builtins", "float", kData},
    {"builtins", "str", kData},
    {"builtins", "bool", kData},
    {"builtins", "set", kData},
    {"builtins", "frozenset", kData},
    {"builtins", "complex", kData},
    {"builtins", "bytes", kData},
    {"builtins", "bytearray", kData},
    {"builtins", "slice", kData},
    {"builtins", "range", kData},
    {"__builtin__", "list", kData},
    {"__builtin__", "set", kData},
    {"__builtin__", "frozenset", kData},
    {"__builtin__", "complex", kData},
    {"__builtin__", "bytearray", kData},
    {"__builtin__", "slice", kData},
    {"datetime", "datetime", kData},
    {"datetime", "date", kData},
    {"datetime", "timedelta", kData},
    {"pathlib", "Path", kData},
    {"pathlib", "PosixPath", kData},
    {"pathlib", "PurePosixPath", kData},
    {"pathlib", "WindowsPath", kData},
    {"pathlib", "PureWindowsPath", kData},
    {"argparse", "Namespace", kData},
});

}  // namespace

const GlobalRow* FindGlobal(std::string_view module, std::string_view name) {
  const auto* const found = std::find_if(
      kGlobals.begin(), kGlobals.end(), [&](const GlobalRow& row) { return row.module == module && row.name == name; });
  return found == kGlobals.end() ? nullptr : found;
}

}  // namespace parotis::weights
