// base::ParseSafetensors: any bytes are read, or refused with an Error; every tensor lies within them.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "base/error.h"
#include "base/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parotis::base;
  const auto bytes = std::as_bytes(std::span(data, size));
  try {
    const Safetensors file = ParseSafetensors(bytes, "input");
    for (const auto& [name, tensor] : file.tensors) {
      if (tensor.bytes.empty()) continue;
      if (&tensor.bytes.front() < &bytes.front() || &tensor.bytes.back() > &bytes.back()) std::abort();
      if (static_cast<std::size_t>(tensor.count()) * SizeOf(tensor.dtype) != tensor.bytes.size()) std::abort();
    }
  } catch (const Error&) {
  }
  return 0;
}
