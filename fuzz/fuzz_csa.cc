// dicom::ParseCsa: any bytes are a header or none.
#include <cstdint>
#include <span>

#include "dicom/csa.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parotis;
  if (const auto header = dicom::ParseCsa(std::as_bytes(std::span(data, size)))) {
    for (const auto& [name, items] : *header) dicom::CsaNumbers(*header, name);
  }
  return 0;
}
