// Pixel cells in uncompressed bytes (PS3.5 8.1 and 8.2), and decoders' output, which has the same layout.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dicom/pixel_description.h"

namespace parotis::dicom {

// How the cells of one frame lie in bytes (little-endian). Cells that are no whole bytes are packed without gaps, the
// first in the lowest bits.
struct CellLayout {
  int bits = 8;  // of a cell
  bool by_plane = false;
  bool chroma_halved = false;  // YBR_…_422: two luminances, then the two chrominances that they share
};

// Bits that one frame occupies.
std::uint64_t FrameBits(const PixelDescription& description, const CellLayout& layout);

// `bits` bits from bit `first_bit` of the first byte on, moved to the beginning of a byte; the last byte is filled up
// with zeros.
std::vector<std::byte> FromBit(std::span<const std::byte> bytes, int first_bit, std::uint64_t bits);

// The stored values, [samples, rows, columns]. `bytes` holds the frame from bit `first_bit` of its first byte on and is
// long enough for it.
std::vector<double> ValuesInCells(std::span<const std::byte> bytes, int first_bit, const PixelDescription& description,
                                  const CellLayout& layout);

}  // namespace parotis::dicom
