// One file's header as plain values: what it says about its study and series, and one PlaneHeader for every slice image
// in it (a classic file has one, an enhanced file one per frame, a mosaic one per tile). Pixel data is not loaded.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dicom/archive.h"
#include "dicom/diffusion.h"
#include "dicom/series.h"

namespace parotis::dicom {

struct PlaneHeader {
  PlaneSource source;
  std::array<std::int64_t, 2> size = {0, 0};              // columns, rows
  std::optional<image::Vector3> position_world;           // centre of the first pixel
  std::optional<std::array<double, 6>> orientation;       // direction along a row, then along a column
  std::optional<std::array<double, 2>> pixel_spacing_mm;  // between rows, between columns (PS3.3 10.7.1.1)
  std::optional<double> slice_spacing_mm;                 // between slices as written, else the thickness
  std::vector<std::string> patient_orientation;           // letters along a row and along a column, as written
  Diffusion diffusion;
  std::vector<std::string> image_type;
  std::optional<double> echo_time_ms;
  std::string unit;
  std::optional<PhaseEncoding> phase_encoding;
  std::optional<double> philips_scale;  // dicom/philips_scale.h
  std::string stack;
  int instance_number = 0;
  int temporal_position = 0;
  FrameTimes times;
  int acquisition_number = 0;
  base::Finding problem;  // why this plane cannot be placed
};

struct FileHeader {
  FileReference file;
  Study study;                      // without series
  Series series;                    // without files, volumes and plane
  std::vector<PlaneHeader> planes;  // empty for objects without images
};

// False for files that are plainly something else (or empty), by their first bytes. Throws kIo when it cannot be
// opened.
bool LooksLikeDicom(const std::filesystem::path& path);

// Absent for a DICOMDIR, which only lists other files. Throws kInput with one sentence when the file is damaged or
// belongs to no series.
std::optional<FileHeader> ReadHeader(const ReadableFile& file);
std::optional<FileHeader> ReadHeader(const std::filesystem::path& path);

}  // namespace parotis::dicom
