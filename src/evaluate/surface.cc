#include "evaluate/surface.h"

#include <algorithm>
#include <array>
#include <vector>

#include "evaluate/overlap.h"
#include "evaluate/statistics.h"
#include "image/distance.h"

namespace parotis::evaluate {
namespace {

using Index = std::array<std::int64_t, 3>;

struct Box {
  Index low;
  Index high;  // inclusive
  bool empty() const { return high[0] < low[0]; }
};

bool Has(std::uint8_t value, std::uint8_t label) { return label == 0 ? value != 0 : value == label; }

// Around the label in either map, one voxel wider so that every neighbour of the surface is seen.
Box BoxAround(const image::LabelVolume& a, const image::LabelVolume& b, std::uint8_t label) {
  const Index& size = a.geometry.size;
  Box box{size, {-1, -1, -1}};
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i) {
        const std::size_t v = a.Offset(i, j, k);
        if (!Has(a.voxels[v], label) && !Has(b.voxels[v], label)) continue;
        const Index here = {i, j, k};
        for (int axis = 0; axis < 3; ++axis) {
          box.low[axis] = std::min(box.low[axis], std::max<std::int64_t>(here[axis] - 1, 0));
          box.high[axis] = std::max(box.high[axis], std::min(here[axis] + 1, size[axis] - 1));
        }
      }
    }
  }
  return box;
}

image::LabelVolume MaskIn(const Box& box, const image::LabelVolume& map, std::uint8_t label) {
  image::Geometry grid = map.geometry;
  for (int axis = 0; axis < 3; ++axis) grid.size[axis] = box.high[axis] - box.low[axis] + 1;
  image::LabelVolume mask(grid);
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    for (std::int64_t j = 0; j < grid.size[1]; ++j) {
      for (std::int64_t i = 0; i < grid.size[0]; ++i) {
        mask.At(i, j, k) = Has(map.At(i + box.low[0], j + box.low[1], k + box.low[2]), label);
      }
    }
  }
  return mask;
}

}  // namespace

SurfaceAgreement CompareSurfaces(const image::LabelVolume& reference, const image::LabelVolume& prediction,
                                 std::uint8_t label, double tolerance_mm) {
  const Box box = BoxAround(reference, prediction, label);
  if (box.empty()) return {kUndefined, kUndefined};
  const image::LabelVolume truth = MaskIn(box, reference, label);
  const image::LabelVolume guess = MaskIn(box, prediction, label);
  const std::vector<float> there = image::SurfaceDistances(truth, guess);
  const std::vector<float> back = image::SurfaceDistances(guess, truth);
  if (there.empty() || back.empty()) return {0, kUndefined};
  const auto near = [&](const std::vector<float>& distances) {
    return std::count_if(distances.begin(), distances.end(), [&](float d) { return d <= tolerance_mm; });
  };
  const auto percentile = [](const std::vector<float>& distances) {
    return PercentileOf(std::vector<double>(distances.begin(), distances.end()), 0.95);
  };
  return {static_cast<double>(near(there) + near(back)) / static_cast<double>(there.size() + back.size()),
          std::max(percentile(there), percentile(back))};
}

}  // namespace parotis::evaluate
