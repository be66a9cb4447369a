#include "phantom/anatomy.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "base/parallel.h"
#include "image/components.h"
#include "phantom/glands.h"
#include "phantom/tissue.h"

namespace parotis::phantom {
namespace {

constexpr double kStepMm = 1.2;

struct Painted {
  Patient patient;
  HeadPose pose;
  TissueMap map;

  std::uint8_t Main(std::size_t v) const { return map.fraction[v] >= 128 ? map.upper[v] : map.lower[v]; }
  std::size_t Voxel(double x, double y, double z) const {
    const auto i = image::VoxelFromWorld(map.grid, WorldFromHead(pose, {x, y, z}));
    const auto& size = map.grid.size;
    return static_cast<std::size_t>((std::llround(i[2]) * size[1] + std::llround(i[1])) * size[0] + std::llround(i[0]));
  }
  image::Vector3 HeadOf(std::size_t v) const {
    const auto& size = map.grid.size;
    const auto at = static_cast<std::int64_t>(v);
    return HeadFromWorld(pose, image::WorldFromVoxel(map.grid, {double(at % size[0]), double(at / size[0] % size[1]),
                                                                double(at / (size[0] * size[1]))}));
  }
};

image::Geometry SlabAround(double scale) {
  image::Geometry grid;
  grid.size = {150, 170, 84};
  grid.spacing_mm = {kStepMm, kStepMm, kStepMm};
  for (int a = 0; a < 3; ++a) grid.origin_world[a] = -0.5 * kStepMm * static_cast<double>(grid.size[a] - 1) * scale;
  for (double& spacing : grid.spacing_mm) spacing *= scale;
  return grid;
}

Painted Paint(const std::string& diagnosis, std::int64_t index, std::uint64_t seed = 5) {
  Painted painted{DrawPatient(DefaultPriors(), seed, index, diagnosis), {}, {}};
  painted.pose.scale = painted.patient.body.scale;
  painted.map = PaintPatient(painted.patient, SlabAround(painted.patient.body.scale), painted.pose);
  return painted;
}

const Painted& Healthy(int which) {  // a slim woman of 41, a heavy one of 80, a man of 19
  static const std::array<Painted, 3> patients = {Paint("tumour_free", 3), Paint("tumour_free", 19),
                                                  Paint("tumour_free", 7)};
  return patients[static_cast<std::size_t>(which)];
}

bool IsParotid(std::uint8_t region) {
  return region >= static_cast<std::uint8_t>(GlandRegion::kParotidRightSuperficial) &&
         region <= static_cast<std::uint8_t>(GlandRegion::kParotidLeftDeep);
}

TEST(Anatomy, FromTheSkinInwardAtTheRamusComeFatMuscleBoneMuscleAndTheAirway) {
  for (int which = 0; which < 3; ++which) {
    const Painted& painted = Healthy(which);
    for (const double sign : {1.0, -1.0}) {
      std::vector<std::uint8_t> met;
      for (double t = 0; t < 1; t += 0.002) {
        const std::uint8_t tissue = painted.Main(painted.Voxel(sign * 86 * (1 - t), -16 + 22 * t, -6));
        if (met.empty() || met.back() != tissue) met.push_back(tissue);
      }
      auto at = met.begin();
      for (const std::uint8_t next : {kAir, kSkin, kSubcutaneousFat, kMuscle, kCorticalBone, kMuscle, kDeepFat, kAir}) {
        at = std::find(at, met.end(), next);
        ASSERT_NE(at, met.end()) << "patient " << which << " side " << sign << " lacks tissue " << int(next);
      }
    }
  }
}

// Magnetic resonance volumes of the parotid: about 20 to 40 ml, less in slim and young people [r].
TEST(Anatomy, ParotidsHavePublishedVolumesAndAreInOnePieceOnTheirSides) {
  for (int which = 0; which < 3; ++which) {
    const Painted& painted = Healthy(which);
    const double ml = painted.map.grid.voxel_volume_mm3() / 1000;
    for (const int first : {1, 3}) {
      image::LabelVolume gland(painted.map.grid);
      for (std::size_t v = 0; v < gland.voxels.size(); ++v) {
        const std::uint8_t region = painted.map.gland[v];
        gland.voxels[v] = region == first || region == first + 1 ? 1 : 0;
        if (gland.voxels[v] == 0) continue;
        ASSERT_EQ(painted.HeadOf(v)[0] > 0, first == 3);
      }
      const image::Components pieces = image::FindComponents(gland);
      std::int64_t all = 0;
      for (const std::int64_t size : pieces.sizes) all += size;
      EXPECT_GT(static_cast<double>(all) * ml, 14) << which;
      EXPECT_LT(static_cast<double>(all) * ml, 42) << which;
      EXPECT_GT(static_cast<double>(pieces.sizes[0]), 0.95 * static_cast<double>(all)) << which;
    }
  }
}

TEST(Anatomy, TheSurfaceOfTheFacialNerveDividesTheLobesAndTheVeinRunsDeepToItInTheGland) {
  const Painted& painted = Healthy(2);
  std::array<std::vector<double>, 2> depth;  // |x| of superficial and deep at the level of the vein
  int vein = 0, vein_in_gland = 0, vein_deep = 0;
  for (std::size_t v = 0; v < painted.map.gland.size(); ++v) {
    const image::Vector3 head = painted.HeadOf(v);
    if (std::abs(head[1] - 8) > 4 || head[2] < -8 || head[2] > 16) continue;
    const std::uint8_t region = painted.map.gland[v];
    if (IsParotid(region)) depth[(region - 1) % 2].push_back(std::abs(head[0]));
    if (painted.Main(v) != kVein || std::abs(head[0]) < 46) continue;
    ++vein;
    vein_in_gland += IsParotid(region) ? 1 : 0;
    vein_deep += IsParotid(region) && (region - 1) % 2 == 1 ? 1 : 0;
  }
  ASSERT_GT(vein, 20);
  EXPECT_EQ(vein_in_gland, vein);
  EXPECT_GT(vein_deep, 0.6 * vein);
  const double shallowest = *std::min_element(depth[0].begin(), depth[0].end());
  const double deepest = *std::max_element(depth[1].begin(), depth[1].end());
  EXPECT_GT(shallowest, deepest - 8) << "the surface is curved, not crooked";
}

TEST(Anatomy, FatInTheGlandFollowsTheBody) {
  for (int which = 0; which < 3; ++which) {
    const Painted& painted = Healthy(which);
    const auto tissues = TissuesOf(painted.patient, DefaultPriors().normal, FieldStrength::k3T);
    double fat = 0, all = 0;
    for (std::size_t v = 0; v < painted.map.gland.size(); ++v) {
      if (!IsParotid(painted.map.gland[v])) continue;
      const double share = painted.map.fraction[v] / 255.0;
      for (const auto& [tissue, part] : {std::pair{painted.map.upper[v], share}, {painted.map.lower[v], 1 - share}}) {
        if (tissue != kParotid && tissue != kSubcutaneousFat) continue;
        fat += part * tissues[tissue].fat;
        all += part * (tissues[tissue].fat + tissues[tissue].water);
      }
    }
    EXPECT_NEAR(fat / all, painted.patient.body.parotid_fat, 0.06) << which;
  }
}

TEST(Anatomy, TumoursSpareBoneAndAirAndLieMostlyInTheirGland) {
  for (const auto& [diagnosis, index] : {std::pair{"warthin", 31}, {"pleomorphic", 45}, {"malignant", 50}}) {
    const Painted painted = Paint(diagnosis, index);
    std::int64_t all = 0, in_gland = 0;
    for (std::size_t v = 0; v < painted.map.lesion.size(); ++v) {
      if (painted.map.lesion[v] == 0 || painted.map.occupancy[v] < 128) continue;
      for (const std::uint8_t hard : {kAir, kCorticalBone, kJawMarrow, kVertebralMarrow, kMastoid, kTooth, kSkin})
        ASSERT_NE(painted.Main(v), hard) << diagnosis;
      ++all;
      in_gland += IsParotid(painted.map.gland[v]) ? 1 : 0;
    }
    ASSERT_GT(all, 100) << diagnosis;
    EXPECT_GT(in_gland, 0.6 * static_cast<double>(all)) << diagnosis;
  }
}

TEST(Anatomy, IsTheSameOnAnyNumberOfThreads) {
  std::array<TissueMap, 2> maps;
  const Patient patient = DrawPatient(DefaultPriors(), 9, 4, "malignant");
  const HeadPose pose;
  base::ParallelFor(
      2, 2, [&](std::int64_t n) { maps[static_cast<std::size_t>(n)] = PaintPatient(patient, SlabAround(1), pose); });
  const TissueMap alone = PaintPatient(patient, SlabAround(1), pose);
  for (const TissueMap& map : maps) {
    EXPECT_EQ(map.upper, alone.upper);
    EXPECT_EQ(map.fraction, alone.fraction);
    EXPECT_EQ(map.gland, alone.gland);
    EXPECT_EQ(map.lesion, alone.lesion);
  }
}

}  // namespace
}  // namespace parotis::phantom
