#include "dicom/native_pixels.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace parotis::dicom {
namespace {

static_assert(std::endian::native == std::endian::little);

class Cells {
 public:
  Cells(std::span<const std::byte> bytes, int first_bit, const PixelDescription& description, int bits)
      : bytes_(bytes), first_bit_(static_cast<std::size_t>(first_bit)), description_(description), bits_(bits) {}

  double At(std::size_t index) const {
    const std::uint64_t raw = bits_ % 8 == 0 && first_bit_ == 0 ? WholeBytes(index) : Packed(index);
    if (description_.format == PixelFormat::kFloat) return std::bit_cast<float>(static_cast<std::uint32_t>(raw));
    if (description_.format == PixelFormat::kDouble) return std::bit_cast<double>(raw);
    const int shift = description_.high_bit + 1 - description_.bits_stored;
    return StoredValue(raw >> shift, description_.bits_stored, description_.is_signed);
  }

 private:
  std::uint64_t WholeBytes(std::size_t index) const {
    const std::size_t size = static_cast<std::size_t>(bits_) / 8;
    std::uint64_t raw = 0;
    std::memcpy(&raw, bytes_.data() + index * size, size);
    return raw;
  }
  std::uint64_t Packed(std::size_t index) const {
    std::uint64_t raw = 0;
    const std::size_t start = first_bit_ + index * static_cast<std::size_t>(bits_);
    for (std::size_t i = 0; i < static_cast<std::size_t>(bits_); ++i) {
      const auto byte = std::to_integer<std::uint64_t>(bytes_[(start + i) / 8]);
      raw |= (byte >> ((start + i) % 8) & 1U) << i;
    }
    return raw;
  }

  std::span<const std::byte> bytes_;
  std::size_t first_bit_;
  const PixelDescription& description_;
  int bits_;
};

// Y1 Y2 Cb Cr for two neighbours in a row (PS3.3 C.7.6.3.1.2).
std::vector<double> ValuesWithHalvedChroma(const Cells& cells, const PixelDescription& d) {
  const std::size_t pixels = d.pixels();
  std::vector<double> values(pixels * 3);
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::size_t pair = i / 2 * 4;
    values[i] = cells.At(pair + i % 2);
    values[pixels + i] = cells.At(pair + 2);
    values[2 * pixels + i] = cells.At(pair + 3);
  }
  return values;
}

}  // namespace

std::uint64_t FrameBits(const PixelDescription& description, const CellLayout& layout) {
  const std::uint64_t cells = layout.chroma_halved ? (description.pixels() + 1) / 2 * 4 : description.values();
  return cells * static_cast<std::uint64_t>(layout.bits);
}

std::vector<std::byte> FromBit(std::span<const std::byte> bytes, int first_bit, std::uint64_t bits) {
  std::vector<std::byte> moved((bits + 7) / 8);
  for (std::size_t i = 0; i < moved.size(); ++i) {
    moved[i] = bytes[i] >> first_bit;
    if (first_bit > 0 && i + 1 < bytes.size()) moved[i] |= bytes[i + 1] << (8 - first_bit);
  }
  if (bits % 8 != 0) moved.back() &= std::byte((1U << bits % 8) - 1);
  return moved;
}

std::vector<double> ValuesInCells(std::span<const std::byte> bytes, int first_bit, const PixelDescription& description,
                                  const CellLayout& layout) {
  const Cells cells(bytes, first_bit, description, layout.bits);
  if (layout.chroma_halved) return ValuesWithHalvedChroma(cells, description);
  const std::size_t pixels = description.pixels();
  const auto samples = static_cast<std::size_t>(description.samples);
  std::vector<double> values(pixels * samples);
  for (std::size_t s = 0; s < samples; ++s) {
    for (std::size_t i = 0; i < pixels; ++i) {
      values[s * pixels + i] = cells.At(layout.by_plane ? s * pixels + i : i * samples + s);
    }
  }
  return values;
}

}  // namespace parotis::dicom
