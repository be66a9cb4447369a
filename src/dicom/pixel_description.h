// How the pixels of one file are stored, as its header says it (Image Pixel module, PS3.3 C.7.6.3; floating-point pixel
// data, C.7.6.24 and C.7.6.25).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

class DcmItem;

namespace parotis::dicom {

enum class PixelFormat { kInteger, kFloat, kDouble };

struct PixelDescription {
  int rows = 0;
  int columns = 0;
  int frames = 1;
  int samples = 1;  // per pixel
  PixelFormat format = PixelFormat::kInteger;
  int bits_allocated = 0;
  int bits_stored = 0;
  int high_bit = 0;
  bool is_signed = false;
  bool by_plane = false;     // planar configuration 1: all red values, then all green ones, …
  std::string colour_model;  // photometric interpretation, as written

  std::size_t pixels() const { return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns); }
  // Of one frame, all samples.
  std::size_t values() const { return pixels() * static_cast<std::size_t>(samples); }
  bool is_map_of_signal() const {
    return samples == 1 && (colour_model == "MONOCHROME1" || colour_model == "MONOCHROME2");
  }
};

// Throws kRefused (pixels_undecodable) for a description that cannot be, such as more bits stored than allocated.
PixelDescription DescribePixels(DcmItem& dataset, const std::string& name);

// A cell's stored value: the lowest `bits` bits of `raw`, two's complement when signed. bits ≤ 64.
double StoredValue(std::uint64_t raw, int bits, bool is_signed);

}  // namespace parotis::dicom
