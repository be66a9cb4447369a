#include "weights/named_tensors.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/files.h"
#include "weights/refusal.h"
#include "weights/torch_file.h"

namespace parotis::weights {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view DigitsAt(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && IsDigit(text[end])) ++end;
  return text.substr(at, end - at);
}

// "stage.9" before "stage.10": the order in which layers are numbered.
bool Before(const std::string& a, const std::string& b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (IsDigit(a[i]) && IsDigit(b[j])) {
      const auto one = DigitsAt(a, i), other = DigitsAt(b, j);
      if (one.size() != other.size()) return one.size() < other.size();
      if (one != other) return one < other;
      i += one.size(), j += other.size();
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

NamedTensors FromSafetensors(std::span<const std::byte> bytes, const std::string& name) {
  base::Safetensors file = base::ParseSafetensors(bytes, name);
  NamedTensors named;
  named.format = "safetensors";
  named.metadata = std::move(file.metadata);
  for (auto& [tensor_name, tensor] : file.tensors) named.tensors.push_back({tensor_name, std::move(tensor)});
  std::stable_sort(named.tensors.begin(), named.tensors.end(),
                   [](const NamedTensor& a, const NamedTensor& b) { return Before(a.name, b.name); });
  return named;
}

}  // namespace

bool LooksLikeSafetensors(std::span<const std::byte> bytes) {
  std::uint64_t header = 0;
  if (bytes.size() < 9) return false;
  std::memcpy(&header, bytes.data(), 8);
  return bytes[8] == std::byte{'{'} && header < (std::uint64_t{1} << 32);
}

NamedTensors ParseNamedTensors(std::span<const std::byte> bytes, const std::string& name) {
  if (LooksLikeTorchFile(bytes)) return ParseTorchFile(bytes, name);
  if (LooksLikeSafetensors(bytes)) return FromSafetensors(bytes, name);
  Damaged(name, "is neither a safetensors file nor one that torch.save has written");
}

NamedTensors ReadNamedTensors(const std::filesystem::path& path) {
  const auto mapped = std::make_shared<const base::MappedFile>(path);
  NamedTensors named = ParseNamedTensors(mapped->bytes(), path.string());
  named.owners.push_back(mapped);
  return named;
}

}  // namespace parotis::weights
