#include "dicom/rle_header.h"

#include <cstdint>
#include <cstring>

namespace parotis::dicom {
namespace {

constexpr std::size_t kHeaderBytes = 64;
constexpr int kMostSegments = 15;

}  // namespace

bool RleSegmentsFit(std::span<const std::byte> frame, int segments) {
  if (frame.size() < kHeaderBytes || segments < 1 || segments > kMostSegments) return false;
  const auto word = [&](int index) {
    std::uint32_t value = 0;
    std::memcpy(&value, frame.data() + 4 * static_cast<std::size_t>(index), sizeof value);
    return value;
  };
  if (word(0) != static_cast<std::uint32_t>(segments)) return false;
  std::uint32_t last = 0;
  for (int i = 1; i <= segments; ++i) {
    if (word(i) < kHeaderBytes || word(i) >= frame.size() || word(i) <= last) return false;
    last = word(i);
  }
  return true;
}

}  // namespace parotis::dicom
