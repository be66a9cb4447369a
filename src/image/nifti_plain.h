// Numbers without a place in the world as a NIfTI-1 file (.nii, .nii.gz): sform and qform are 0, spacing is 1. For
// comparing decoders; images of patients are written by image/nifti.h.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace parotis::image {

struct PlainFormat {
  int bits = 8;  // of whole numbers, at most 32; of floating-point numbers, 32 or 64
  bool is_signed = false;
  bool is_floating = false;
};

struct PlainImage {
  std::array<std::int64_t, 3> size = {0, 0, 0};
  int components = 1;  // three are written as the fifth dimension, an RGB vector (intent 2003)
  PlainFormat format;
  std::vector<double> values;  // [components, k, j, i]
};

// In the smallest type that holds the format. Atomic. Throws kInput when an axis is too long for NIfTI-1.
void WritePlainNifti(const std::filesystem::path& path, const PlainImage& image);

}  // namespace parotis::image
