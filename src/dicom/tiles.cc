#include "dicom/tiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dicom/csa.h"
#include "dicom/siemens_items.h"
#include "dicom/siemens_protocol.h"
#include "dicom/uih_grid.h"

namespace parotis::dicom {
namespace {

constexpr int kMostTiles = 1024;
constexpr double kSamePlace = 0.25;  // of the distance between slices

int TilesPerRow(int count) { return static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count)))); }

std::vector<PlaneHeader> WithProblem(PlaneHeader whole, const char* problem) {
  whole.problem = base::Found("tiles_unplaced", problem);
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

std::optional<image::Vector3> VectorOf(const std::vector<double>& values) {
  if (values.size() != 3) return std::nullopt;
  return image::Vector3{values[0], values[1], values[2]};
}

// What the header says about a mosaic, from wherever it says it.
struct MosaicOrder {
  std::optional<double> count;
  std::optional<image::Vector3> normal;  // from slice 0 to slice 1
};

// The order from the protocol's list of slices: the first tile is the first or the last of them, and which one is seen
// at its place.
void AddProtocol(const FrameItems& items, const PlaneHeader& whole, MosaicOrder& order) {
  const auto centres = ProtocolSliceCentres(ReadSiemensProtocol(items));
  if (centres.size() < 2 || !whole.position_world || !whole.orientation || !whole.pixel_spacing_mm) return;
  if (!order.count) order.count = static_cast<double>(centres.size());
  if (*order.count != static_cast<double>(centres.size())) return;
  image::Vector3 step{};
  for (std::size_t d = 0; d < 3; ++d) step[d] = centres[1][d] - centres[0][d];
  const double step_mm = image::Norm(step);
  if (!(step_mm > 0)) return;
  const image::Vector3 normal = MovedBy({0, 0, 0}, step, 1 / step_mm);
  // The centre of the first tile is that of the whole picture.
  const auto& o = *whole.orientation;
  const image::Vector3 centre =
      MovedBy(MovedBy(*whole.position_world, {o[0], o[1], o[2]},
                      0.5 * static_cast<double>(whole.size[0]) * (*whole.pixel_spacing_mm)[1]),
              {o[3], o[4], o[5]}, 0.5 * static_cast<double>(whole.size[1]) * (*whole.pixel_spacing_mm)[0]);
  const auto at = [&](const image::Vector3& slice) {
    return std::abs(image::Dot(centre, normal) - image::Dot(slice, normal)) < kSamePlace * step_mm;
  };
  if (at(centres.front())) order.normal = normal;
  if (at(centres.back())) order.normal = MovedBy({0, 0, 0}, normal, -1);
}

// The CSA header, the private attributes of syngo MR XA, and the protocol, in this order.
MosaicOrder OrderOfMosaic(const FrameItems& items, const PlaneHeader& whole) {
  MosaicOrder order{Number(*items.dataset, tag::kSiemensMosaicImages), std::nullopt};
  if (const auto csa = ReadCsa(*items.dataset)) {
    order.normal = VectorOf(CsaNumbers(*csa, "SliceNormalVector"));
    const std::vector<double> values = CsaNumbers(*csa, "NumberOfImagesInMosaic");
    if (!order.count && !values.empty()) order.count = values.front();
  }
  if (DcmItem* sdi = SiemensSdiItem(items)) {
    if (!order.count) order.count = Number(*sdi, tag::kSiemensSdiMosaicImages);
    if (!order.normal) order.normal = Vector(*sdi, tag::kSiemensSdiSliceNormal);
  }
  if (!order.normal) AddProtocol(items, whole, order);
  return order;
}

std::vector<PlaneHeader> UnpackSiemens(const FrameItems& items, const PlaneHeader& whole) {
  const MosaicOrder order = OrderOfMosaic(items, whole);
  if (!order.count || *order.count < 1 || *order.count > kMostTiles || *order.count != std::floor(*order.count))
    return WithProblem(whole, "it is a mosaic, and the header does not say of how many slices");
  if (!order.normal)
    return WithProblem(whole, "it is a mosaic, and the Siemens header that tells the order of its slices is missing");
  return UnpackMosaic(whole, static_cast<int>(*order.count), *order.normal);
}

std::vector<PlaneHeader> UnpackUih(const FrameItems& items, const PlaneHeader& whole) {
  const auto positions = UihSlicePositions(*items.dataset);
  const int count = static_cast<int>(std::min<std::size_t>(positions.size(), kMostTiles + 1));
  if (count < 1 || count > kMostTiles)
    return WithProblem(whole, "it is a grid of slices whose positions are not recorded");
  const auto written = Number(*items.dataset, tag::kUihGridSlices);
  if (written && *written != count)
    return WithProblem(whole, "it is a grid that holds another number of slices than positions");
  const int per_row = TilesPerRow(count);
  const int tile_rows = (count + per_row - 1) / per_row;
  if (whole.size[0] % per_row != 0 || whole.size[1] % tile_rows != 0) {
    return WithProblem(whole, "it is a grid of slices that does not divide into equal tiles");
  }
  std::vector<PlaneHeader> planes;
  for (int i = 0; i < count; ++i) {
    planes.push_back(Tile(whole, i, per_row, {whole.size[0] / per_row, whole.size[1] / tile_rows}));
    planes.back().position_world = positions[static_cast<std::size_t>(i)];
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
  if (has("VFRAME")) return UnpackUih(items, whole);
  return {whole};
}

}  // namespace parotis::dicom
