// A pickle's values, without Python. The interpreter knows the stack operations of protocols 2 to 5 (Python's
// Lib/pickletools.py) and the few names of weights/pickle_globals.h; it calls nothing, imports nothing and follows no
// recursion. Whatever else a pickle asks for is refused by name (weights/refusal.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/safetensors.h"
#include "weights/pickle_globals.h"

namespace parotis::weights {

enum class ValueKind {
  kNone,
  kBool,
  kInteger,
  kText,
  kBytes,
  kTuple,
  kList,
  kDictionary,
  kGlobal,
  kStorage,
  kTensor,
  kBlank,  // data that weights do not need: floats, sets, numpy's scalars, …
};

using ValueId = std::uint32_t;

struct Value {
  ValueKind kind = ValueKind::kBlank;
  std::int64_t number = 0;            // kBool, kInteger; kStorage, kTensor: place in the lists of Pickle
  std::string_view text = {};         // kText, kBytes: within the pickle's bytes
  const GlobalRow* global = nullptr;  // kGlobal
  std::vector<ValueId> items = {};    // kTuple, kList; kDictionary: key, value, key, value, …
};

// The bytes of one or several tensors, by the name under which the file has them.
struct StorageClaim {
  std::string_view key;
  base::DType dtype = base::DType::kF32;
  std::int64_t count = 0;  // of numbers
};

// Element [i, j, …] lies at offset + i·strides[0] + j·strides[1] + …, counted in numbers. Nothing of it is checked yet.
struct TensorClaim {
  std::size_t storage = 0;
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape, strides;
};

struct Pickle {
  std::vector<Value> values;
  ValueId root = 0;
  std::vector<StorageClaim> storages;
  std::vector<TensorClaim> tensors;
  std::size_t copied_items = 0;  // by dict(other), which is bounded
  std::size_t bytes_read = 0;    // the legacy format has several pickles one after the other

  const Value& at(ValueId id) const { return values[id]; }
};

// `bytes` must outlive the result; `name` is for messages.
Pickle Unpickle(std::span<const std::byte> bytes, const std::string& name);

}  // namespace parotis::weights
