// An assembled study as files, headers only: what the index reads. Names of files and their order mean nothing.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <fstream>

#include "dicom/series.h"
#include "tests/support/dicom_file.h"

namespace parotis::intake::studies {

inline std::string TextOf(const std::optional<double>& value) { return value ? fmt::format("{:.6g}", *value) : ""; }

inline test::DicomItem SliceOf(const dicom::Study& study, const dicom::Series& series,
                               const dicom::SeriesVolume& volume, std::int64_t k, int instance) {
  const image::Geometry& grid = volume.geometry;
  test::DicomItem item = test::MrSlice(instance, 0, series.uid);
  item.Erase(0x7fe0, 0x0010).Set(0x0008, 0x0008, "CS", fmt::format("{}", fmt::join(volume.image_type, "\\")));
  item.Set(0x0008, 0x0016, "UI", series.files.front().sop_class_uid).Set(0x0008, 0x0030, "TM", study.time);
  item.Set(0x0008, 0x0032, "TM", series.acquisition_time).Set(0x0008, 0x0070, "LO", series.manufacturer);
  item.Set(0x0008, 0x1030, "LO", study.description).Set(0x0008, 0x103e, "LO", series.description);
  item.Set(0x0018, 0x0010, "LO", series.contrast_agent).Set(0x0018, 0x1042, "TM", series.contrast_start_time);
  item.Set(0x0018, 0x0020, "CS", fmt::format("{}", fmt::join(series.scanning_sequence, "\\")));
  item.Set(0x0018, 0x0021, "CS", fmt::format("{}", fmt::join(series.sequence_variant, "\\")));
  item.Set(0x0018, 0x0022, "CS", fmt::format("{}", fmt::join(series.scan_options, "\\")));
  item.Set(0x0018, 0x0080, "DS", TextOf(series.repetition_time_ms))
      .Set(0x0018, 0x0081, "DS", TextOf(series.echo_time_ms));
  item.Set(0x0018, 0x0082, "DS", TextOf(series.inversion_time_ms))
      .Set(0x0018, 0x1314, "DS", TextOf(series.flip_angle_deg));
  item.Set(0x0018, 0x0050, "DS", fmt::format("{:.4g}", grid.spacing_mm[2]));
  if (volume.b_value_s_mm2) item.SetFd(0x0018, 0x9087, {*volume.b_value_s_mm2});
  item.Set(0x0020, 0x0011, "IS", series.number ? std::to_string(*series.number) : "");
  item.Set(0x0020, 0x0052, "UI", series.frame_of_reference_uid);
  const auto world = image::WorldFromVoxel(grid, {0, 0, static_cast<double>(k)});
  item.Set(0x0020, 0x0032, "DS", fmt::format("{:.6f}\\{:.6f}\\{:.6f}", world[0], world[1], world[2]));
  const auto& d = grid.direction;
  item.Set(0x0020, 0x0037, "DS",
           fmt::format("{}\\{}\\{}\\{}\\{}\\{}", d[0][0], d[1][0], d[2][0], d[0][1], d[1][1], d[2][1]));
  item.Set(0x0028, 0x0030, "DS", fmt::format("{0:.6g}\\{0:.6g}", grid.spacing_mm[0]));
  item.SetUs(0x0028, 0x0010, static_cast<int>(grid.size[1])).SetUs(0x0028, 0x0011, static_cast<int>(grid.size[0]));
  return item;
}

// A localizer lies in three planes; here it says so by its image type alone.
inline void WriteHeaders(const std::filesystem::path& folder, dicom::Study study) {
  for (dicom::Series& series : study.series) {
    int instance = 0;
    for (dicom::SeriesVolume& volume : series.volumes) {
      if (series.plane == dicom::SlicePlane::kMixed) volume.image_type.emplace_back("LOCALIZER");
      for (std::int64_t k = volume.geometry.size[2]; k-- > 0;) {
        ++instance;
        // Scattered names: the order of the files is none.
        const auto name = fmt::format("{:05}-{}-{}", instance * 7919 % 10007, series.uid, instance);
        // Thousands of files that nobody needs after the test: not synced to the disk one by one.
        std::ofstream(folder / name, std::ios::binary) << test::FileBytes(SliceOf(study, series, volume, k, instance));
      }
    }
  }
}

}  // namespace parotis::intake::studies
