// Palette colour lookup tables, whole (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6) and segmented (C.7.9.2).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

class DcmItem;

namespace parotis::dicom {

struct Palette {
  int first = 0;                              // the stored value that the first entry belongs to
  int bits = 8;                               // of an entry
  std::array<std::vector<double>, 3> colour;  // [red, green, blue][entry], equally long

  // `indices`: stored values. Returns [3, pixels]; values outside the table get its first or last entry.
  std::vector<double> Apply(std::span<const double> indices) const;
};

// Throws kRefused (pixels_undecodable) when a table is missing or damaged. `is_signed`: the pixels are.
Palette ReadPalette(DcmItem& dataset, bool is_signed, const std::string& name);

// The entries that segmented data stand for; absent when they are damaged or not exactly `count`.
// `bytes_per_entry`: 1 or 2, of opcodes, lengths and entries alike.
std::optional<std::vector<double>> ExpandSegments(std::span<const std::byte> data, int bytes_per_entry,
                                                  std::size_t count);

}  // namespace parotis::dicom
