// The frames of one DICOM file as stored values, whatever transfer syntax they were written in: native, RLE, JPEG,
// JPEG-LS (DCMTK's decoders), JPEG 2000 (OpenJPEG).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace parotis::dicom {

class PixelFile {
 public:
  // Throws kInput: no pixel data, colour or palette, an impossible description of the pixels.
  explicit PixelFile(const std::filesystem::path& path);
  ~PixelFile();
  PixelFile(const PixelFile&) = delete;
  PixelFile& operator=(const PixelFile&) = delete;

  int rows() const;
  int columns() const;
  int frames() const;
  std::optional<std::int32_t> padding() const;  // PixelPaddingValue, as a stored value

  // rows · columns values, sign-extended from the stored bits; MONOCHROME1 turned over within the stored range.
  std::vector<std::int32_t> Frame(int frame);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parotis::dicom
