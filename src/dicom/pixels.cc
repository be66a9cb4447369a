#include "dicom/pixels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"
#include "base/parallel.h"
#include "dicom/archive.h"
#include "dicom/pixel_file.h"

namespace parotis::dicom {
namespace {

constexpr std::uint64_t kHighestCompression = 4096;  // pixels per byte

// One slice to be filled: where it comes from and where it goes.
struct Job {
  const PlaneSource* source;
  image::Volume* volume;
  std::int64_t slice;
};

void CheckLoadable(const Series& series, std::size_t which) {
  if (which >= series.volumes.size()) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} has {} volumes, not {}", NameOf(series), series.volumes.size(), which + 1));
  }
  const SeriesVolume& volume = series.volumes[which];
  if (volume.problem.empty()) return;
  base::Refuse({volume.problem.code, fmt::format("{} cannot be used: {}", NameOf(series), volume.problem.message)});
}

// Before memory is taken for them: a few bytes that claim to be gigabytes are no picture.
void CheckSizesOfFiles(const Series& series, const SeriesVolume& volume) {
  std::map<int, std::int64_t> pixels;
  for (const PlaneSource& plane : volume.planes)
    pixels[plane.file] += volume.geometry.size[0] * volume.geometry.size[1];
  for (const auto& [file, count] : pixels) {
    const auto& path = series.files.at(static_cast<std::size_t>(file)).path;
    const std::uint64_t bytes = FileBytes(path);
    if (static_cast<std::uint64_t>(count) / kHighestCompression <= bytes) continue;
    base::Refuse(
        base::Found("pixels_missing", fmt::format("{} claims {} pixels in {} bytes", path.string(), count, bytes)));
  }
}

// Copies one tile (or the whole) of a frame into a slice.
void Fill(const std::vector<double>& frame, int frame_columns, const Job& job,
          const std::optional<std::pair<double, double>>& padding) {
  const PlaneSource& source = *job.source;
  const auto& size = job.volume->geometry.size;
  for (std::int64_t j = 0; j < size[1]; ++j) {
    const std::int64_t row = source.first_pixel[1] + j;
    const double* stored = frame.data() + row * frame_columns + source.first_pixel[0];
    float* values = &job.volume->At(0, j, job.slice);
    for (std::int64_t i = 0; i < size[0]; ++i) {
      const bool padded =
          std::isnan(stored[i]) || (padding && stored[i] >= padding->first && stored[i] <= padding->second);
      values[i] = padded ? 0.0F : static_cast<float>(source.slope * stored[i] + source.intercept);
    }
  }
}

void FillFromFile(const std::filesystem::path& path, std::vector<Job>& jobs) {
  PixelFile file(path);
  const auto padding = file.padding();
  std::stable_sort(jobs.begin(), jobs.end(),
                   [](const Job& a, const Job& b) { return a.source->frame < b.source->frame; });
  int decoded = -1;
  std::vector<double> frame;
  const PixelDescription& pixels = file.description();
  for (const Job& job : jobs) {
    const auto& size = job.volume->geometry.size;
    if (job.source->first_pixel[0] + size[0] > pixels.columns || job.source->first_pixel[1] + size[1] > pixels.rows) {
      base::Throw(base::ErrorKind::kInput,
                  fmt::format("{} changed while it was being read; run the command again", path.string()));
    }
    if (job.source->frame != decoded) frame = file.Signal(job.source->frame);
    decoded = job.source->frame;
    Fill(frame, pixels.columns, job, padding);
  }
}

// Slices that are there twice must show the same.
void CompareDuplicates(const Series& series, const SeriesVolume& described, const image::Volume& volume) {
  for (const DuplicateSlice& duplicate : described.duplicates) {
    image::Volume other(image::CroppedGrid(volume.geometry, {0, 0, duplicate.slice},
                                           {volume.geometry.size[0], volume.geometry.size[1], 1}));
    std::vector<Job> job = {{&duplicate.source, &other, 0}};
    const auto& path = series.files.at(static_cast<std::size_t>(duplicate.source.file)).path;
    FillFromFile(path, job);
    const auto first = volume.voxels.begin() + static_cast<std::ptrdiff_t>(volume.Offset(0, 0, duplicate.slice));
    if (std::equal(other.voxels.begin(), other.voxels.end(), first)) continue;
    base::Refuse(base::Found("slices_contradictory",
                             fmt::format("{} cannot be used: {} shows another image at the place of slice {}",
                                         NameOf(series), path.string(), duplicate.slice + 1)));
  }
}

}  // namespace

std::vector<image::Volume> LoadVolumes(const Series& series, const std::vector<std::size_t>& which) {
  std::vector<image::Volume> volumes;
  volumes.reserve(which.size());  // jobs point into it
  std::map<int, std::vector<Job>> jobs;
  for (const std::size_t index : which) {
    CheckLoadable(series, index);
    const SeriesVolume& description = series.volumes[index];
    image::CheckGeometry(description.geometry, NameOf(series));
    CheckSizesOfFiles(series, description);
    volumes.emplace_back(description.geometry);
    for (std::size_t k = 0; k < description.planes.size(); ++k) {
      const PlaneSource& source = description.planes[k];
      jobs[source.file].push_back({&source, &volumes.back(), static_cast<std::int64_t>(k)});
    }
  }
  std::vector<std::pair<int, std::vector<Job>>> by_file(jobs.begin(), jobs.end());
  base::ParallelFor(static_cast<std::int64_t>(by_file.size()), 0, [&](std::int64_t i) {
    auto& [file, file_jobs] = by_file[static_cast<std::size_t>(i)];
    FillFromFile(series.files.at(static_cast<std::size_t>(file)).path, file_jobs);
  });
  for (std::size_t n = 0; n < which.size(); ++n) CompareDuplicates(series, series.volumes[which[n]], volumes[n]);
  return volumes;
}

image::Volume LoadVolume(const Series& series, std::size_t which) {
  return std::move(LoadVolumes(series, {which}).front());
}

image::Volume LoadSlice(const Series& series, std::size_t which, std::int64_t slice) {
  CheckLoadable(series, which);
  Series one = series;
  SeriesVolume& volume = one.volumes[which];
  volume.geometry =
      image::CroppedGrid(volume.geometry, {0, 0, slice}, {volume.geometry.size[0], volume.geometry.size[1], 1});
  volume.planes = {volume.planes.at(static_cast<std::size_t>(slice))};
  volume.duplicates.clear();
  return LoadVolume(one, which);
}

}  // namespace parotis::dicom
