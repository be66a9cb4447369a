#include "dicom/tiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dicom/csa.h"

namespace parotis::dicom {
namespace {

constexpr int kMostTiles = 1024;

int TilesPerRow(int count) { return static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count)))); }

std::vector<PlaneHeader> WithProblem(PlaneHeader whole, const char* problem) {
  whole.problem = Found("tiles_unplaced", problem);
  return {whole};
}

image::Vector3 MovedBy(const image::Vector3& point, const image::Vector3& direction, double distance) {
  return {point[0] + direction[0] * distance, point[1] + direction[1] * distance, point[2] + direction[2] * distance};
}

// The plane of tile `index`, at the whole picture's position.
PlaneHeader Tile(const PlaneHeader& whole, int index, int per_row, const std::array<std::int64_t, 2>& size) {
  PlaneHeader plane = whole;
  plane.size = size;
  plane.source.first_pixel = {static_cast<int>(index % per_row * size[0]), static_cast<int>(index / per_row * size[1])};
  return plane;
}

std::vector<PlaneHeader> UnpackSiemens(const FrameItems& items, const PlaneHeader& whole) {
  const auto csa = ReadCsa(*items.dataset);
  auto count = Number(*items.dataset, tag::kSiemensMosaicImages);
  if (!count && csa) {
    const std::vector<double> values = CsaNumbers(*csa, "NumberOfImagesInMosaic");
    if (!values.empty()) count = values.front();
  }
  if (!count || *count < 1 || *count > kMostTiles || *count != std::floor(*count)) {
    return WithProblem(whole, "it is a mosaic, and the header does not say of how many slices");
  }
  const std::vector<double> normal = csa ? CsaNumbers(*csa, "SliceNormalVector") : std::vector<double>();
  if (normal.size() != 3) {
    return WithProblem(whole, "it is a mosaic, and the Siemens header that tells the order of its slices is missing");
  }
  return UnpackMosaic(whole, static_cast<int>(*count), {normal[0], normal[1], normal[2]});
}

std::vector<PlaneHeader> UnpackUih(const FrameItems& items, const PlaneHeader& whole) {
  const auto tag = Resolve(*items.dataset, tag::kUihGridSequence);
  const std::vector<DcmItem*> slices = tag ? SequenceItems(*items.dataset, *tag) : std::vector<DcmItem*>();
  const int count = static_cast<int>(std::min<std::size_t>(slices.size(), kMostTiles + 1));
  if (count < 1 || count > kMostTiles)
    return WithProblem(whole, "it is a grid of slices whose positions are not recorded");
  const int per_row = TilesPerRow(count);
  const int tile_rows = (count + per_row - 1) / per_row;
  if (whole.size[0] % per_row != 0 || whole.size[1] % tile_rows != 0) {
    return WithProblem(whole, "it is a grid of slices that does not divide into equal tiles");
  }
  std::vector<PlaneHeader> planes;
  for (int i = 0; i < count; ++i) {
    planes.push_back(Tile(whole, i, per_row, {whole.size[0] / per_row, whole.size[1] / tile_rows}));
    planes.back().position_world = Vector(*slices[static_cast<std::size_t>(i)], tag::kImagePosition);
  }
  return planes;
}

}  // namespace

std::vector<PlaneHeader> UnpackMosaic(const PlaneHeader& whole, int count, const image::Vector3& normal) {
  const int per_row = TilesPerRow(count);
  if (!whole.position_world || !whole.orientation || !whole.pixel_spacing_mm || !whole.slice_spacing_mm) {
    return WithProblem(whole, "it is a mosaic without position, orientation or spacing");
  }
  if (whole.size[0] % per_row != 0 || whole.size[1] % per_row != 0) {
    return WithProblem(whole, "it is a mosaic that does not divide into equal tiles");
  }
  const auto& o = *whole.orientation;
  const image::Vector3 along_row = {o[0], o[1], o[2]};
  const image::Vector3 along_column = {o[3], o[4], o[5]};
  if (std::abs(std::abs(image::Dot(image::Cross(along_row, along_column), normal)) - 1) > 1e-3) {
    return WithProblem(whole, "it is a mosaic whose slice normal contradicts its orientation");
  }
  const std::array<std::int64_t, 2> size = {whole.size[0] / per_row, whole.size[1] / per_row};
  const double across_mm = static_cast<double>(whole.size[0] - size[0]) / 2 * (*whole.pixel_spacing_mm)[1];
  const double down_mm = static_cast<double>(whole.size[1] - size[1]) / 2 * (*whole.pixel_spacing_mm)[0];
  const image::Vector3 first = MovedBy(MovedBy(*whole.position_world, along_row, across_mm), along_column, down_mm);
  std::vector<PlaneHeader> planes;
  for (int i = 0; i < count; ++i) {
    planes.push_back(Tile(whole, i, per_row, size));
    planes.back().position_world = MovedBy(first, normal, i * *whole.slice_spacing_mm);
  }
  return planes;
}

std::vector<PlaneHeader> UnpackTiles(const FrameItems& items, const PlaneHeader& whole) {
  const auto has = [&](const char* word) {
    return std::find(whole.image_type.begin(), whole.image_type.end(), word) != whole.image_type.end();
  };
  if (has("MOSAIC")) return UnpackSiemens(items, whole);
  if (has("VFRAME") && Resolve(*items.dataset, tag::kUihGridSequence)) return UnpackUih(items, whole);
  return {whole};
}

}  // namespace parotis::dicom
