#include "dicom/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/files.h"
#include "dicom/pixels.h"
#include "image/nifti.h"

namespace parotis::dicom {
namespace {

using base::ErrorKind;
namespace fs = std::filesystem;

fs::path WithEnding(const fs::path& output, const std::string& ending) {
  std::string name = output.string();
  for (const char* known : {".nii.gz", ".nii"}) {
    if (name.ends_with(known)) return name.substr(0, name.size() - std::string(known).size()) + ending;
  }
  base::Throw(ErrorKind::kUsage, fmt::format("{} must end in .nii or .nii.gz", name));
}

void CheckOneGrid(const Series& series) {
  if (series.volumes.empty())
    base::Throw(ErrorKind::kInput, NameOf(series) + " holds no images; choose another series");
  for (const SeriesVolume& volume : series.volumes) {
    if (volume.problem.code == "b_value_contradictory")
      base::Refuse(
          {volume.problem.code, fmt::format("{} cannot be converted: {}", NameOf(series), volume.problem.message)});
    if (!volume.problem.empty())
      base::Throw(ErrorKind::kInput,
                  fmt::format("{} cannot be written as a grid: {}", NameOf(series), volume.problem.message));
    if (!image::SameGrid(volume.geometry, series.volumes.front().geometry)) {
      base::Throw(ErrorKind::kInput,
                  fmt::format("the volumes of {} lie on different grids ({}), which one NIfTI file cannot hold",
                              NameOf(series), NameOf(series.plane)));
    }
  }
}

std::string BValues(const Series& series) {
  std::string line;
  for (const SeriesVolume& volume : series.volumes) {
    line += fmt::format("{}{:.6g}", line.empty() ? "" : " ", volume.b_value_s_mm2.value_or(0));
  }
  return line + '\n';
}

// Empty when the directions of some weighted volume are unknown.
std::string Directions(const Series& series) {
  std::array<std::string, 3> rows;
  bool any = false;
  for (const SeriesVolume& volume : series.volumes) {
    if (!volume.gradient_world && !volume.direction_key.empty()) return {};
    image::Vector3 direction = {0, 0, 0};
    if (volume.gradient_world) direction = FslDirection(*volume.gradient_world, volume.geometry);
    any = any || volume.gradient_world;
    for (std::size_t a = 0; a < 3; ++a) rows[a] += fmt::format("{}{:.6g}", rows[a].empty() ? "" : " ", direction[a]);
  }
  return any ? rows[0] + '\n' + rows[1] + '\n' + rows[2] + '\n' : std::string();
}

}  // namespace

const Series& SelectSeries(const Index& index, const std::string& number_or_uid, const std::string& folder) {
  const Series* chosen = nullptr;
  int matches = 0;
  std::string list;
  for (const Study& study : index.studies) {
    for (const Series& series : study.series) {
      list += fmt::format("\n  {}  {}", NameOf(series), series.uid);
      const bool wanted =
          number_or_uid.empty()
              ? !series.volumes.empty()
              : series.uid == number_or_uid || (series.number && std::to_string(*series.number) == number_or_uid);
      if (!wanted) continue;
      chosen = &series;
      ++matches;
    }
  }
  if (matches == 1) return *chosen;
  base::Throw(ErrorKind::kUsage,
              fmt::format("{} holds {} series{}; choose one with --series NUMBER or UID:{}", folder, matches,
                          number_or_uid.empty() ? " with images" : " " + number_or_uid, list));
}

Converted ConvertSeries(const Series& series, const fs::path& output) {
  const fs::path bval = WithEnding(output, ".bval");
  CheckOneGrid(series);
  std::vector<std::size_t> all(series.volumes.size());
  std::iota(all.begin(), all.end(), 0U);
  const std::vector<image::Volume> volumes = LoadVolumes(series, all);
  Converted converted{volumes.size(), {output}};
  if (volumes.size() == 1) {
    image::WriteNifti(output, volumes.front());
  } else {
    image::WriteNiftiSeries(output, volumes);
  }
  const bool weighted = std::any_of(series.volumes.begin(), series.volumes.end(),
                                    [](const SeriesVolume& v) { return v.b_value_s_mm2.has_value(); });
  if (!weighted) return converted;
  base::WriteFile(bval, BValues(series));
  converted.files.push_back(bval);
  if (const std::string directions = Directions(series); !directions.empty()) {
    converted.files.push_back(WithEnding(output, ".bvec"));
    base::WriteFile(converted.files.back(), directions);
  }
  return converted;
}

image::Vector3 FslDirection(const image::Vector3& gradient_world, const image::Geometry& grid) {
  image::Vector3 along{};
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t d = 0; d < 3; ++d) along[a] += gradient_world[d] * grid.direction[d][a];
  }
  if (image::Determinant(grid.direction) > 0) along[0] = -along[0];
  return along;
}

}  // namespace parotis::dicom
