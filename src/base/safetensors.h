// The safetensors format (huggingface.co/docs/safetensors): an 8-byte header length, a JSON header, raw little-endian
// tensors. Nothing in it can execute. Model bundles and the cache of prepared cases are such files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace parotis::base {

enum class DType { kF64, kF32, kF16, kBF16, kI64, kI32, kI16, kI8, kU8, kBool };

std::size_t SizeOf(DType type);
const char* NameOf(DType type);  // "F32", "BF16", … as in the format

struct Tensor {
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;  // row-major, little-endian; size = product(shape) * SizeOf(dtype)

  std::int64_t count() const;
  // The values in place. Throws kInput when the tensor has another type; T: float, std::uint8_t, std::int32_t, ….
  template <class T>
  std::span<const T> As() const;
};

// Tensors by name, pointing into memory that `owner` keeps alive.
struct Safetensors {
  std::map<std::string, std::string> metadata;
  std::map<std::string, Tensor> tensors;
  std::shared_ptr<const void> owner;

  // Throws kInput naming the tensor when it is not there.
  const Tensor& at(const std::string& name) const;
};

// Every offset, shape and type is checked against the file's size; overlapping tensors and gaps between them are
// refused. `name` is for messages.
Safetensors ParseSafetensors(std::span<const std::byte> bytes, const std::string& name);
// Maps the file; pages are read when touched.
Safetensors ReadSafetensors(const std::filesystem::path& path);
// Written atomically, metadata and tensors in order of name, the data start aligned to 64 bytes: equal content gives
// equal bytes.
void WriteSafetensors(const std::filesystem::path& path, const std::map<std::string, std::string>& metadata,
                      const std::map<std::string, Tensor>& tensors);

template <class T>
Tensor TensorOf(std::span<const T> values, std::vector<std::int64_t> shape);

// IEEE half precision, round to nearest even.
std::uint16_t HalfFromFloat(float value);
float FloatFromHalf(std::uint16_t half);

}  // namespace parotis::base
