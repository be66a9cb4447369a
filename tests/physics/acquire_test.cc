#include "physics/acquire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace parotis::physics {
namespace {

// Air, and in it a block of one watery tissue, off the centre; two samples per slice, three slices. The block's edges
// are edges of the coarse pixels, too: 9 fine pixels are 4 coarse ones.
struct Block {
  phantom::TissueMap map;
  std::vector<phantom::Tissue> tissues = {phantom::Tissue{},
                                          phantom::Tissue{.water = 1, .t1_ms = 1200, .t2_ms = 80, .diffusion = {1000}}};
  Protocol protocol;

  Block() {
    protocol.anatomy_grid.size = {45, 45, 3};
    protocol.anatomy_grid.spacing_mm = {0.8, 0.8, 4};
    protocol.anatomy_grid.origin_world = {-17.6, -17.6, -4};
    protocol.diffusion_grid = protocol.anatomy_grid;
    protocol.diffusion_grid.size = {20, 20, 3};
    protocol.diffusion_grid.spacing_mm = {1.8, 1.8, 4};
    protocol.diffusion_grid.origin_world = {-17.1, -17.1, -4};
    map.grid = FineGrid(protocol.anatomy_grid);
    const auto count = static_cast<std::size_t>(map.grid.voxel_count());
    for (auto* values : {&map.upper, &map.lower, &map.lesion, &map.occupancy}) values->assign(count, 0);
    map.fraction.assign(count, 255);
    map.texture_a.assign(count, phantom::CodeOfTexture(0));
    map.texture_b.assign(count, phantom::CodeOfTexture(0));
    for (std::int64_t k = 2; k < 6; ++k) {
      for (std::int64_t j = 27; j < 36; ++j) {
        for (std::int64_t i = 9; i < 18; ++i) {
          const auto v = static_cast<std::size_t>((k * 45 + j) * 45 + i);
          map.upper[v] = map.lesion[v] = 1;
          map.occupancy[v] = 255;
        }
      }
    }
  }
  image::Volume Take(const image::Geometry& grid, double b_s_mm2 = 0, double snr = 1e6) const {
    return Acquire(map, tissues, {Sequence{.tr_ms = 5000, .te_ms = 70}, b_s_mm2, 1000, snr}, protocol, grid,
                   base::Random(1));
  }
};

template <class T>
image::Vector3 CentreOfMass(const image::Image<T>& image, double threshold) {
  double sum = 0;
  image::Vector3 centre = {0, 0, 0};
  for (std::int64_t k = 0; k < image.geometry.size[2]; ++k) {
    for (std::int64_t j = 0; j < image.geometry.size[1]; ++j) {
      for (std::int64_t i = 0; i < image.geometry.size[0]; ++i) {
        // Edges ring: their ripples are no mass.
        const double weight = image.At(i, j, k) < threshold ? 0 : image.At(i, j, k);
        const auto world = WorldFromVoxel(image.geometry, {double(i), double(j), double(k)});
        for (int axis = 0; axis < 3; ++axis) centre[axis] += weight * world[axis];
        sum += weight;
      }
    }
  }
  for (double& value : centre) value /= sum;
  return centre;
}

// The block's centre: i 13, j 31, slices 1 and 2. The shoulders of the slice profile give 6 % of slice 1 to slice 0 and
// find the border going on above slice 2.
constexpr image::Vector3 kCentre = {-17.6 + 13 * 0.8, -17.6 + 31 * 0.8, (-4 * 0.06 + 0 * 0.94 + 4 * 1.0) / 2};

TEST(Acquire, ThingsStayWhereTheyAreOnEveryGrid) {
  const Block block;
  for (const image::Geometry& grid : {block.protocol.anatomy_grid, block.protocol.diffusion_grid}) {
    const image::Vector3 centre = CentreOfMass(block.Take(grid), 50);
    for (int axis = 0; axis < 3; ++axis) EXPECT_NEAR(centre[axis], kCentre[axis], 0.05);
  }
  const image::Vector3 truth = CentreOfMass(LesionsOn(block.map, block.protocol.anatomy_grid), 1);
  EXPECT_NEAR(truth[0], kCentre[0], 1e-6);
  EXPECT_NEAR(truth[1], kCentre[1], 1e-6);
  EXPECT_NEAR(truth[2], 2, 1e-6);
}

TEST(Acquire, CoarserPixelsKeepTheTotalSignal) {
  const Block block;
  const auto total = [&](const image::Geometry& grid) {
    double sum = 0;
    for (const float value : block.Take(grid).voxels) sum += value;
    return sum * grid.voxel_volume_mm3();
  };
  EXPECT_NEAR(total(block.protocol.diffusion_grid) / total(block.protocol.anatomy_grid), 1, 0.05);
}

TEST(Acquire, ASliceIsTheMeanOfItsSamples) {
  Block block;
  const float whole = block.Take(block.protocol.anatomy_grid).At(13, 31, 2);
  // Empty the second sample of slice 1: 44 % of slice 1, and the shoulder of slice 2.
  for (std::size_t v = 3 * 45 * 45; v < 4 * 45 * 45; ++v) block.map.upper[v] = 0;
  const image::Volume volume = block.Take(block.protocol.anatomy_grid);
  EXPECT_NEAR(volume.At(13, 31, 1), whole * (0.44 + 0.06), 2);
  EXPECT_NEAR(volume.At(13, 31, 2), whole * 0.94, 2);
}

TEST(Acquire, TwoTissuesInAVoxelMixTheirSignals) {
  Block block;
  for (std::uint8_t& fraction : block.map.fraction) fraction = 51;  // one fifth
  const float whole = Block().Take(block.protocol.anatomy_grid).At(13, 31, 1);
  EXPECT_NEAR(block.Take(block.protocol.anatomy_grid).At(13, 31, 1), whole / 5, 1);
}

TEST(Acquire, TheAdcOfTheBlockIsItsTissues) {
  const Block block;
  const image::Geometry& grid = block.protocol.diffusion_grid;
  const image::Volume adc = AdcMap(block.Take(grid, 0), block.Take(grid, 1000), 1000, 100);
  EXPECT_NEAR(adc.At(5, 13, 1), 1000, 5);
  EXPECT_EQ(adc.At(0, 0, 0), 0) << "air has no ADC";
}

TEST(Acquire, NoiseIsThatOfTheStatedRatio) {
  const Block block;
  // Air far from the block: Rayleigh, with mean square 2 sigma².
  double squares = 0;
  const image::Volume volume = block.Take(block.protocol.anatomy_grid, 0, 20);
  const auto air = volume.voxels.begin();
  for (std::size_t v = 0; v < 45 * 45; ++v)
    squares += air[static_cast<std::int64_t>(v)] * air[static_cast<std::int64_t>(v)];
  EXPECT_NEAR(std::sqrt(squares / (45 * 45) / 2), 1000.0 / 20, 3);
}

TEST(Acquire, ALesionThatFillsLessThanHalfAVoxelIsNotThere) {
  Block block;
  for (std::uint8_t& occupancy : block.map.occupancy) occupancy = occupancy == 0 ? 0 : 120;
  const image::LabelVolume lesions = LesionsOn(block.map, block.protocol.anatomy_grid);
  EXPECT_EQ(*std::max_element(lesions.voxels.begin(), lesions.voxels.end()), 0);
}

}  // namespace
}  // namespace parotis::physics
