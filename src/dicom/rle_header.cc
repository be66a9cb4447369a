#include "dicom/rle_header.h"

#include <cstdint>
#include <cstring>

namespace parotis::dicom {
namespace {

constexpr std::size_t kHeaderBytes = 64;
constexpr int kMostSegments = 15;
constexpr std::size_t kShortestRun = 2;

}  // namespace

bool RleSegmentsFit(std::span<const std::byte> frame, int segments) {
  if (frame.size() < kHeaderBytes || segments < 1 || segments > kMostSegments) return false;
  const auto word = [&](int index) {
    std::uint32_t value = 0;
    std::memcpy(&value, frame.data() + 4 * static_cast<std::size_t>(index), sizeof value);
    return value;
  };
  if (word(0) != static_cast<std::uint32_t>(segments)) return false;
  for (int i = 1; i <= segments; ++i) {
    const std::size_t end = i < segments ? word(i + 1) : frame.size();
    if (word(i) < kHeaderBytes || end > frame.size() || end < kShortestRun + word(i)) return false;
  }
  return true;
}

}  // namespace parotis::dicom
