// weights::ParseNamedTensors: any bytes are read or refused with a sentence; every tensor has as many bytes as its
// shape says, all of them readable. A bare pickle is also put into an archive with storages, whose checksums then fit.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "base/error.h"
#include "base/hash.h"
#include "tests/support/zip_file.h"
#include "weights/named_tensors.h"

namespace {

using namespace parotis;

void CheckTensors(const weights::NamedTensors& named) {
  for (const auto& [name, tensor] : named.tensors) {
    std::uint64_t bytes = base::SizeOf(tensor.dtype);
    for (const std::int64_t extent : tensor.shape) bytes *= static_cast<std::uint64_t>(extent);
    if (bytes != tensor.bytes.size()) std::abort();
    base::HashOf(tensor.bytes);  // reads all of them
  }
}

void Parse(std::span<const std::byte> bytes) {
  try {
    CheckTensors(weights::ParseNamedTensors(bytes, "input"));
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::kInternal) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Parse(std::as_bytes(std::span(data, size)));
  if (size == 0 || data[0] != 0x80) return 0;
  std::vector<test::ZipEntry> entries = {{"a/data.pkl", std::string(reinterpret_cast<const char*>(data), size)}};
  for (int storage = 0; storage < 4; ++storage)
    entries.push_back(
        {"a/data/" + std::to_string(storage), std::string(static_cast<std::size_t>(24 << storage), '\1')});
  const std::string archive = test::ZipBytes(entries);
  Parse(std::as_bytes(std::span(archive)));
  return 0;
}
