#include "weights/tensor_bytes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "weights/refusal.h"

namespace parotis::weights {
namespace {

std::string Described(const TensorClaim& tensor) {
  return fmt::format("a tensor of shape [{}], strides [{}] and offset {}", fmt::join(tensor.shape, ", "),
                     fmt::join(tensor.strides, ", "), tensor.offset);
}

// Number of values; 0 ≤ … ≤ the storage's. Throws when they do not lie within.
std::int64_t CheckedCount(const TensorClaim& tensor, std::int64_t stored, const std::string& name) {
  const auto refuse = [&] {
    Damaged(name, fmt::format("has {}, which its storage of {} values does not hold", Described(tensor), stored));
  };
  if (tensor.offset < 0 || tensor.offset > stored) refuse();
  for (std::size_t d = 0; d < tensor.shape.size(); ++d) {
    if (tensor.shape[d] < 0 || tensor.strides[d] < 0) refuse();
  }
  if (std::find(tensor.shape.begin(), tensor.shape.end(), 0) != tensor.shape.end()) return 0;
  std::int64_t count = 1, last = tensor.offset;
  if (last >= stored) refuse();
  for (std::size_t d = 0; d < tensor.shape.size(); ++d) {
    const std::int64_t steps = tensor.shape[d] - 1;
    if (count > stored / tensor.shape[d]) refuse();
    count *= tensor.shape[d];
    if (tensor.strides[d] == 0 || steps == 0) continue;
    if (steps > (stored - 1 - last) / tensor.strides[d]) refuse();
    last += steps * tensor.strides[d];
  }
  return count;
}

bool LiesRowByRow(const TensorClaim& tensor) {
  std::int64_t expected = 1;
  for (std::size_t d = tensor.shape.size(); d-- > 0;) {
    if (tensor.shape[d] != 1 && tensor.strides[d] != expected) return false;
    expected *= tensor.shape[d];
  }
  return true;
}

void Gather(const TensorClaim& tensor, std::span<const std::byte> storage, std::size_t size,
            std::span<std::byte> gathered) {
  std::vector<std::int64_t> index(tensor.shape.size(), 0);
  std::int64_t place = tensor.offset;
  for (std::size_t at = 0; at < gathered.size(); at += size) {
    std::memcpy(gathered.data() + at, storage.data() + static_cast<std::size_t>(place) * size, size);
    for (std::size_t d = tensor.shape.size(); d-- > 0;) {
      place += tensor.strides[d];
      if (++index[d] < tensor.shape[d]) break;
      place -= tensor.strides[d] * tensor.shape[d];
      index[d] = 0;
    }
  }
}

}  // namespace

base::Tensor TensorMaker::Make(const TensorClaim& tensor, const StorageClaim& storage, const EntryBytes& bytes,
                               std::vector<std::shared_ptr<const void>>& owners) {
  const std::size_t size = base::SizeOf(storage.dtype);
  const auto stored = static_cast<std::int64_t>(bytes.bytes.size() / size);
  if (bytes.bytes.size() % size != 0 || storage.count != stored)
    Damaged(name_, fmt::format("has a storage {} of {} bytes for {} values of type {}", Quoted(storage.key),
                               bytes.bytes.size(), storage.count, base::NameOf(storage.dtype)));
  const std::int64_t count = CheckedCount(tensor, stored, name_);
  const std::uint64_t needed = static_cast<std::uint64_t>(count) * size;
  if (count == 0 || LiesRowByRow(tensor)) {
    const std::size_t start = count == 0 ? 0 : static_cast<std::size_t>(tensor.offset) * size;
    return {storage.dtype, tensor.shape, bytes.bytes.subspan(start, needed)};
  }
  if (needed > copy_limit_) Unsafe(name_, "has so many overlapping tensors that they are far larger than the file");
  copy_limit_ -= needed;
  const auto copy = std::make_shared<std::vector<std::byte>>(needed);
  Gather(tensor, bytes.bytes, size, *copy);
  owners.push_back(copy);
  return {storage.dtype, tensor.shape, *copy};
}

}  // namespace parotis::weights
