#include "dicom/jpeg_header.h"

namespace parotis::dicom {
namespace {

constexpr int kStartOfImage = 0xD8;
constexpr int kStartOfScan = 0xDA;
constexpr int kJpegLsFrame = 0xF7;

// TEM and RST0 … RST7.
bool StandsAlone(int marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7); }

// C0 … CF but for the tables DHT (C4), JPG (C8) and DAC (CC).
bool StartsAFrame(int marker) {
  if (marker == kJpegLsFrame) return true;
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

}  // namespace

std::optional<JpegFrame> ReadJpegFrame(std::span<const std::byte> bytes) {
  const auto byte = [&](std::size_t at) { return std::to_integer<int>(bytes[at]); };
  const auto word = [&](std::size_t at) { return byte(at) << 8 | byte(at + 1); };
  if (bytes.size() < 4 || byte(0) != 0xFF || byte(1) != kStartOfImage) return std::nullopt;
  std::size_t at = 2;
  while (at + 4 < bytes.size()) {
    if (byte(at) != 0xFF) return std::nullopt;
    const int marker = byte(at + 1);
    if (marker == 0xFF) {  // a fill byte
      ++at;
      continue;
    }
    if (StartsAFrame(marker)) {
      if (at + 10 > bytes.size()) return std::nullopt;
      return JpegFrame{byte(at + 4), word(at + 5), word(at + 7), byte(at + 9)};
    }
    if (StandsAlone(marker)) {
      at += 2;
      continue;
    }
    if (marker == kStartOfScan || word(at + 2) < 2) return std::nullopt;
    at += 2 + static_cast<std::size_t>(word(at + 2));
  }
  return std::nullopt;
}

}  // namespace parotis::dicom
