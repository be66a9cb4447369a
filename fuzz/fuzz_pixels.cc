// dicom::PixelFile on one file: the pixels of any bytes are decoded or refused with a sentence, as many as the header
// says.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "dicom/pixel_file.h"
#include "fuzz/memory_file.h"

namespace {

constexpr std::size_t kMostValues = 1 << 20;
constexpr int kMostFrames = 4;

void Decode(const std::string& path, std::size_t size) {
  parotis::dicom::PixelFile file(path);
  const auto& description = file.description();
  if (description.values() > kMostValues) return;
  file.padding();
  for (int frame = 0; frame < std::min(description.frames, kMostFrames); ++frame) {
    if (file.Bytes(frame).size() > std::max(kMostValues * 8, size)) std::abort();
    const auto picture = file.Shown(frame);
    if (picture.values.size() != description.pixels() * static_cast<std::size_t>(picture.samples)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parotis;
  const std::string& path = fuzz::MemoryFile(data, size);
  try {
    Decode(path, size);
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::kInternal) std::abort();
  }
  return 0;
}
