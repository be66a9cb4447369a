#include "base/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"

namespace parotis::base {
namespace {

constexpr std::uint64_t kMaxHeader = 100'000'000;
constexpr std::size_t kAlignment = 64;

struct TypeRow {
  DType type;
  const char* name;
  std::size_t size;
};
constexpr TypeRow kTypes[] = {{DType::kF64, "F64", 8},   {DType::kF32, "F32", 4}, {DType::kF16, "F16", 2},
                              {DType::kBF16, "BF16", 2}, {DType::kI64, "I64", 8}, {DType::kI32, "I32", 4},
                              {DType::kI16, "I16", 2},   {DType::kI8, "I8", 1},   {DType::kU8, "U8", 1},
                              {DType::kBool, "BOOL", 1}};

const TypeRow& RowOf(DType type) {
  return *std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeRow& row) { return row.type == type; });
}

template <class T>
constexpr DType TypeOf() {
  if constexpr (std::is_same_v<T, float>)
    return DType::kF32;
  else if constexpr (std::is_same_v<T, double>)
    return DType::kF64;
  else if constexpr (std::is_same_v<T, std::uint8_t>)
    return DType::kU8;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return DType::kI32;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return DType::kI64;
  else if constexpr (std::is_same_v<T, std::uint16_t>)
    return DType::kF16;  // halves travel as their bits
}

Tensor ParseEntry(const Json& json, const std::string& path, std::span<const std::byte> data,
                  std::vector<std::array<std::uint64_t, 2>>& ranges) {
  JsonObject entry(json, path);
  const auto dtype = entry.Get<std::string>("dtype");
  Tensor tensor;
  entry.ReadRequired("shape", tensor.shape);
  const auto offsets = entry.Get<std::array<std::uint64_t, 2>>("data_offsets");
  entry.Finish();
  const auto* row =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeRow& r) { return dtype == r.name; });
  if (row == std::end(kTypes)) Throw(ErrorKind::kInput, fmt::format("{} has the unsupported type {}", path, dtype));
  tensor.dtype = row->type;
  std::uint64_t size = row->size;
  for (const std::int64_t extent : tensor.shape) {
    if (extent < 0 || (extent > 0 && size > data.size() / static_cast<std::uint64_t>(extent))) {
      Throw(ErrorKind::kInput, fmt::format("{} has a shape that does not fit into the file", path));
    }
    size *= static_cast<std::uint64_t>(extent);
  }
  if (offsets[0] > offsets[1] || offsets[1] > data.size() || offsets[1] - offsets[0] != size) {
    Throw(ErrorKind::kInput, fmt::format("{} has data offsets that contradict its shape or the file's size", path));
  }
  if (size > 0) ranges.push_back(offsets);
  tensor.bytes = data.subspan(offsets[0], size);
  return tensor;
}

}  // namespace

std::size_t SizeOf(DType type) { return RowOf(type).size; }
const char* NameOf(DType type) { return RowOf(type).name; }

std::int64_t Tensor::count() const { return static_cast<std::int64_t>(bytes.size() / SizeOf(dtype)); }

template <class T>
std::span<const T> Tensor::As() const {
  if (TypeOf<T>() != dtype) {
    Throw(ErrorKind::kInput,
          fmt::format("a tensor of type {} was expected, found {}", NameOf(TypeOf<T>()), NameOf(dtype)));
  }
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(T) != 0) {
    Throw(ErrorKind::kInput, "a tensor's data is not aligned to its type");
  }
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

template <class T>
Tensor TensorOf(std::span<const T> values, std::vector<std::int64_t> shape) {
  return {TypeOf<T>(), std::move(shape), std::as_bytes(values)};
}

#define PAROTIS_TENSOR_TYPE(T)                       \
  template std::span<const T> Tensor::As<T>() const; \
  template Tensor TensorOf<T>(std::span<const T>, std::vector<std::int64_t>);
PAROTIS_TENSOR_TYPE(float)
PAROTIS_TENSOR_TYPE(double)
PAROTIS_TENSOR_TYPE(std::uint8_t)
PAROTIS_TENSOR_TYPE(std::int32_t)
PAROTIS_TENSOR_TYPE(std::int64_t)
PAROTIS_TENSOR_TYPE(std::uint16_t)
#undef PAROTIS_TENSOR_TYPE

const Tensor& Safetensors::at(const std::string& name) const {
  const auto found = tensors.find(name);
  if (found == tensors.end()) Throw(ErrorKind::kInput, fmt::format("the tensor {} is missing", name));
  return found->second;
}

Safetensors ParseSafetensors(std::span<const std::byte> bytes, const std::string& name) {
  std::uint64_t header_size = 0;
  if (bytes.size() < 8)
    Throw(ErrorKind::kInput, fmt::format("{} is not a safetensors file: shorter than 8 bytes", name));
  std::memcpy(&header_size, bytes.data(), 8);
  if (header_size > kMaxHeader || header_size > bytes.size() - 8) {
    Throw(ErrorKind::kInput, fmt::format("{} is not a safetensors file, or is cut off: its header would need {} bytes",
                                         name, header_size));
  }
  const auto data = bytes.subspan(8 + header_size);
  const Json header = ParseJson({reinterpret_cast<const char*>(bytes.data()) + 8, header_size}, name + " (header)");
  if (!header.is_object()) Throw(ErrorKind::kInput, fmt::format("{}: the header must be an object", name));
  Safetensors file;
  std::vector<std::array<std::uint64_t, 2>> ranges;
  for (const auto& [key, member] : header.items()) {
    if (key == "__metadata__") {
      JsonObject::ReadValue(member, name + " (metadata)", file.metadata);
    } else {
      file.tensors[key] = ParseEntry(member, fmt::format("{}: tensor {}", name, key), data, ranges);
    }
  }
  std::sort(ranges.begin(), ranges.end());
  std::uint64_t end = 0;
  for (const auto& range : ranges) {
    if (range[0] != end) {
      Throw(ErrorKind::kInput, fmt::format("{}: tensors overlap or leave a gap", name));
    }
    end = range[1];
  }
  if (data.size() != end)
    Throw(ErrorKind::kInput, fmt::format("{}: bytes that belong to no tensor follow the last one", name));
  return file;
}

Safetensors ReadSafetensors(const std::filesystem::path& path) {
  auto mapped = std::make_shared<const MappedFile>(path);
  Safetensors file = ParseSafetensors(mapped->bytes(), path.string());
  file.owner = mapped;
  return file;
}

void WriteSafetensors(const std::filesystem::path& path, const std::map<std::string, std::string>& metadata,
                      const std::map<std::string, Tensor>& tensors) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  // The format allows no gaps, so tensors are laid out largest type first: each then starts aligned to its own size.
  std::vector<const std::pair<const std::string, Tensor>*> order;
  for (const auto& entry : tensors) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return SizeOf(a->second.dtype) > SizeOf(b->second.dtype); });
  for (const auto* entry : order) {
    const auto& [name, tensor] = *entry;
    header[name] = {{"dtype", NameOf(tensor.dtype)},
                    {"shape", tensor.shape},
                    {"data_offsets", {offset, offset + tensor.bytes.size()}}};
    offset += tensor.bytes.size();
  }
  std::string text = header.dump();
  text.append((kAlignment - (text.size() + 8) % kAlignment) % kAlignment, ' ');
  const std::uint64_t header_size = text.size();
  AtomicFile file(path);
  file.Write(std::as_bytes(std::span(&header_size, 1)));
  file.Write(text);
  for (const auto* entry : order) file.Write(entry->second.bytes);
  file.Commit();
}

std::uint16_t HalfFromFloat(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 16 & 0x8000;
  const std::uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x47800000) {  // 65536 and more, infinity, NaN
    return static_cast<std::uint16_t>(sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00));
  }
  if (magnitude < 0x38800000) {  // subnormal in half precision: let the FPU round
    const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
    return static_cast<std::uint16_t>(sign |
                                      (std::bit_cast<std::uint32_t>(shifted) - std::bit_cast<std::uint32_t>(0.5F)));
  }
  const std::uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
  return static_cast<std::uint16_t>(sign | ((rounded - 0x38000000) >> 13));
}

float FloatFromHalf(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000) << 16;
  const std::uint32_t exponent = half >> 10 & 0x1f;
  const std::uint32_t mantissa = half & 0x3ff;
  if (exponent == 0) {
    const float magnitude = static_cast<float>(mantissa) * 0x1.0p-24F;
    return sign != 0 ? -magnitude : magnitude;
  }
  const std::uint32_t wide = exponent == 31 ? 0x7f800000 | mantissa << 13 : (exponent + 112) << 23 | mantissa << 13;
  return std::bit_cast<float>(sign | wide);
}

}  // namespace parotis::base
