#include "dicom/jpeg_header.h"

namespace parotis::dicom {
namespace {

constexpr int kStartOfImage = 0xD8;
constexpr int kStartOfScan = 0xDA;
constexpr int kJpegLsFrame = 0xF7;

// C0 … CF but for the tables DHT (C4), JPG (C8) and DAC (CC).
bool StartsAFrame(int marker) {
  if (marker == kJpegLsFrame) return true;
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

}  // namespace

std::optional<int> JpegPrecision(std::span<const std::byte> bytes) {
  const auto byte = [&](std::size_t at) { return std::to_integer<int>(bytes[at]); };
  if (bytes.size() < 4 || byte(0) != 0xFF || byte(1) != kStartOfImage) return std::nullopt;
  std::size_t at = 2;
  while (at + 4 < bytes.size()) {
    if (byte(at) != 0xFF) return std::nullopt;
    const int marker = byte(at + 1);
    if (marker == 0xFF) {  // a fill byte
      ++at;
      continue;
    }
    if (StartsAFrame(marker)) return byte(at + 4);
    if (marker == kStartOfScan) return std::nullopt;
    at += 2 + static_cast<std::size_t>(byte(at + 2) << 8 | byte(at + 3));
  }
  return std::nullopt;
}

}  // namespace parotis::dicom
