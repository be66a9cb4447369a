// From a storage's bytes to a tensor that lies row by row: every offset, shape and stride is held against the storage.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "weights/named_tensors.h"
#include "weights/pickle.h"
#include "weights/zip_directory.h"

namespace parotis::weights {

class TensorMaker {
 public:
  // `copy_limit_bytes`: of all tensors together that do not lie row by row in the file.
  TensorMaker(std::string name, std::uint64_t copy_limit_bytes)
      : name_(std::move(name)), copy_limit_(copy_limit_bytes) {}

  // A view where the storage has the values in order, else a copy that `owners` keeps. Refuses (weights/refusal.h) what
  // reaches beyond the storage, negative strides, and shapes of more values than the storage has.
  base::Tensor Make(const TensorClaim& tensor, const StorageClaim& storage, const EntryBytes& bytes,
                    std::vector<std::shared_ptr<const void>>& owners);

 private:
  std::string name_;
  std::uint64_t copy_limit_;
};

}  // namespace parotis::weights
