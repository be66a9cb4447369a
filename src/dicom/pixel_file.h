// The frames of one DICOM file as numbers, whatever they were written in: native, RLE, JPEG, JPEG-LS (DCMTK's
// decoders), JPEG 2000 (OpenJPEG). What is read and what is not: docs/encodings.md.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dicom/pixel_description.h"

namespace parotis::dicom {

struct Picture {
  int samples = 1;             // per pixel
  int bits = 16;               // in which its whole numbers fit
  std::string colour_model;    // photometric interpretation of `values`
  std::vector<double> values;  // [samples, rows, columns]
};

class PixelFile {
 public:
  // Throws kInput: the file is no DICOM; kRefused: pixels_missing, pixels_undecodable.
  explicit PixelFile(const std::filesystem::path& path);
  ~PixelFile();
  PixelFile(const PixelFile&) = delete;
  PixelFile& operator=(const PixelFile&) = delete;

  const PixelDescription& description() const;

  // Of what Bytes gives.
  std::string transfer_syntax_uid() const;
  // Frame `frame` (0-based) as it is stored: the compressed picture, or its cells in explicit little-endian order from
  // the first bit of the first byte on. Throws as Stored does.
  std::vector<std::byte> Bytes(int frame);

  // What the decoder makes of frame `frame` (0-based), sign-extended from the stored bits: palette indices stay
  // indices, and luminance and chrominance stay what they are unless the compression turned them into colours by
  // itself. All three throw kRefused (pixels_missing, pixels_undecodable).
  Picture Stored(int frame);
  // The same with palettes applied and colours as RGB.
  Picture Shown(int frame);
  // rows · columns stored values of a map of signal; MONOCHROME1 turned over within the stored range. Throws kRefused
  // (picture_in_colour) for anything else.
  std::vector<double> Signal(int frame);
  // Lowest and highest value in Signal that stand for "no value here" (PS3.3 C.7.5.1.1.2). NaN does, too.
  std::optional<std::pair<double, double>> padding() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parotis::dicom
