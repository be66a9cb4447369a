// A small DICOM study on disk: T2 on a fine grid, diffusion at b 0 and 1000 on a coarser one, T1 after contrast. A
// bright, slowly diffusing cube lies at one place in the patient, so that a channel put in the wrong place or order is
// noticed.
#pragma once

#include <cmath>
#include <functional>

#include "tests/support/dicom_file.h"

namespace parotis::intake {

inline constexpr double kCubeCentre_mm[3] = {12, -8, 20};  // LPS
inline constexpr double kCubeHalf_mm = 8;
inline constexpr double kCubeAdc_um2_s = 700;
inline constexpr double kTissueAdc_um2_s = 1600;

struct Grid {
  int columns, rows, slices;
  double spacing_mm, slice_spacing_mm;
  double first_mm[3];  // centre of the first voxel of the lowest slice
};
inline constexpr Grid kT2Grid = {48, 40, 12, 1.5, 4, {-24, -36, 0}};
inline constexpr Grid kDiffusionGrid = {24, 20, 12, 3, 4, {-24, -36, 0}};

inline bool InCube(double x, double y, double z) {
  return std::abs(x - kCubeCentre_mm[0]) <= kCubeHalf_mm && std::abs(y - kCubeCentre_mm[1]) <= kCubeHalf_mm &&
         std::abs(z - kCubeCentre_mm[2]) <= kCubeHalf_mm;
}

// Writes one volume; `value` is the stored value at a point of the patient, `change` the last word on every slice.
// Files are numbered against the order of the slices.
inline void WriteVolume(const std::filesystem::path& folder, const Grid& grid, const std::string& series_uid,
                        int first_instance, const std::function<double(double, double, double)>& value,
                        const std::function<void(test::DicomItem&)>& change) {
  for (int k = 0; k < grid.slices; ++k) {
    const double z = grid.first_mm[2] + k * grid.slice_spacing_mm;
    const int instance = first_instance + grid.slices - 1 - k;
    test::DicomItem item = test::MrSlice(instance, z, series_uid);
    item.Set(0x0020, 0x0032, "DS", fmt::format("{}\\{}\\{}", grid.first_mm[0], grid.first_mm[1], z));
    item.Set(0x0028, 0x0030, "DS", fmt::format("{0}\\{0}", grid.spacing_mm))
        .SetUs(0x0028, 0x0010, grid.rows)
        .SetUs(0x0028, 0x0011, grid.columns);
    std::string pixels;
    for (int j = 0; j < grid.rows; ++j) {
      for (int i = 0; i < grid.columns; ++i) {
        const double stored = value(grid.first_mm[0] + i * grid.spacing_mm, grid.first_mm[1] + j * grid.spacing_mm, z);
        pixels += test::LittleEndian(static_cast<std::uint32_t>(std::lround(stored)), 2);
      }
    }
    item.Set(0x7fe0, 0x0010, "OW", pixels);
    change(item);
    test::WriteDicom(folder / fmt::format("{}-{:03}", series_uid, instance), item);
  }
}

// `change` is applied to every file, with its series UID.
inline void WriteStudy(
    const std::filesystem::path& folder, const std::function<void(test::DicomItem&, const std::string&)>& change =
                                             [](test::DicomItem&, const std::string&) {}) {
  const auto named = [&](const std::string& uid, const char* number, const char* description) {
    return [=](test::DicomItem& item) {
      item.Set(0x0020, 0x0011, "IS", number).Set(0x0008, 0x103e, "LO", description);
      change(item, uid);
    };
  };
  const auto anatomy = [](double x, double y, double z) { return InCube(x, y, z) ? 900.0 : 300.0; };
  WriteVolume(folder, kT2Grid, "1.2.3.1", 1, anatomy, named("1.2.3.1", "1", "t2_tse_tra"));
  for (const double b : {0.0, 1000.0}) {
    const auto signal = [b](double x, double y, double z) {
      return 4000 * std::exp(-b * 1e-6 * (InCube(x, y, z) ? kCubeAdc_um2_s : kTissueAdc_um2_s));
    };
    const auto weighted = [&, inner = named("1.2.3.2", "2", "ep2d_diff_tra"), b](test::DicomItem& item) {
      item.SetFd(0x0018, 0x9087, {b}).Set(0x0018, 0x0020, "CS", "EP");
      inner(item);
    };
    WriteVolume(folder, kDiffusionGrid, "1.2.3.2", b > 0 ? 101 : 1, signal, weighted);
  }
  const auto t1c = [inner = named("1.2.3.3", "3", "t1_tse_tra_fs")](test::DicomItem& item) {
    item.Set(0x0018, 0x0080, "DS", "600").Set(0x0018, 0x0081, "DS", "12").Set(0x0018, 0x0010, "LO", "Gadovist");
    inner(item);
  };
  WriteVolume(folder, kT2Grid, "1.2.3.3", 1, anatomy, t1c);
}

}  // namespace parotis::intake
