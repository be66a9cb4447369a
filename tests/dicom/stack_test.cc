#include "dicom/stack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "base/random.h"
#include "tests/support/geometries.h"

namespace parotis::dicom {
namespace {

using image::Geometry;
using image::Vector3;
using testing::HasSubstr;

// The slice images a scanner would write for a right-handed grid, in slice order.
std::vector<PlaneHeader> PlanesOf(const Geometry& grid) {
  std::vector<PlaneHeader> planes;
  const auto& d = grid.direction;
  for (std::int64_t k = 0; k < grid.size[2]; ++k) {
    PlaneHeader plane;
    plane.source.file = static_cast<int>(k);
    plane.size = {grid.size[0], grid.size[1]};
    plane.position_world = image::WorldFromVoxel(grid, {0, 0, static_cast<double>(k)});
    plane.orientation = {d[0][0], d[1][0], d[2][0], d[0][1], d[1][1], d[2][1]};
    plane.pixel_spacing_mm = {grid.spacing_mm[1], grid.spacing_mm[0]};
    plane.slice_spacing_mm = grid.spacing_mm[2];
    plane.instance_number = static_cast<int>(k) + 1;
    planes.push_back(plane);
  }
  return planes;
}

Geometry RightHandedGrid(std::uint64_t seed) {
  base::Random random(seed);
  Geometry grid = test::RandomGeometry(random, 12);
  if (image::Determinant(grid.direction) < 0) {
    for (auto& row : grid.direction) row[2] = -row[2];
  }
  return grid;
}

std::vector<PlaneHeader> TwoByTwoStack(std::initializer_list<double> z_mm) {
  std::vector<PlaneHeader> planes = PlanesOf(
      {{2, 2, static_cast<std::int64_t>(z_mm.size())}, {1, 1, 3}, {0, 0, 0}, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}});
  std::size_t k = 0;
  for (const double z : z_mm) (*planes[k++].position_world)[2] = z;
  return planes;
}

RC_GTEST_PROP(Stack, RestoresTheGridWhateverTheOrderOfFilesAndInstanceNumbers, (std::uint64_t seed)) {
  const Geometry grid = RightHandedGrid(seed);
  std::vector<PlaneHeader> planes = PlanesOf(grid);
  base::Random random(seed + 1);
  random.Shuffle(planes);
  for (std::size_t i = 0; i < planes.size(); ++i) planes[i].instance_number = static_cast<int>(i);
  const auto volumes = BuildVolumes(planes);
  RC_ASSERT(volumes.size() == 1U);
  RC_ASSERT(volumes[0].problem.empty());
  RC_ASSERT(image::SameGrid(volumes[0].geometry, grid));
  for (std::size_t k = 0; k < planes.size(); ++k) RC_ASSERT(volumes[0].planes[k].file == static_cast<int>(k));
}

TEST(Stack, PixelSpacingIsBetweenRowsFirst) {
  std::vector<PlaneHeader> planes = TwoByTwoStack({0, 3});
  for (PlaneHeader& plane : planes) plane.pixel_spacing_mm = {2, 0.5};
  EXPECT_THAT(BuildVolumes(planes)[0].geometry.spacing_mm, testing::ElementsAre(0.5, 2, 3));
}

TEST(Stack, AMissingSliceIsNamed) {
  const auto volumes = BuildVolumes(TwoByTwoStack({0, 3, 6, 12, 15}));
  EXPECT_THAT(volumes[0].problem.message, HasSubstr("1 slice is missing between slices 3 and 4"));
}

TEST(Stack, UnevenSpacingIsNamed) {
  const base::Finding problem = BuildVolumes(TwoByTwoStack({0, 3, 6, 9.5, 12.5}))[0].problem;
  EXPECT_EQ(problem.code, "slices_irregular");
  EXPECT_THAT(problem.message, HasSubstr("uneven spacing"));
}

TEST(Stack, RoundingOfPositionsIsForgiven) {
  const auto volumes = BuildVolumes(TwoByTwoStack({0, 3.001, 5.999, 9.0005}));
  EXPECT_EQ(volumes[0].problem.message, "");
  EXPECT_NEAR(volumes[0].geometry.spacing_mm[2], 3.0, 1e-3);
}

TEST(Stack, OrientationsOnEitherSideOfARoundingBoundaryStayTogether) {
  std::vector<PlaneHeader> planes = TwoByTwoStack({0, 3, 6});
  for (std::size_t k = 0; k < 3; ++k) (*planes[k].orientation)[2] = 0.0004999 + 1e-7 * static_cast<double>(k);
  EXPECT_EQ(BuildVolumes(planes).size(), 1U);
}

TEST(Stack, SlicesShiftedSidewaysAreNamed) {
  std::vector<PlaneHeader> planes = TwoByTwoStack({0, 3, 6});
  (*planes[1].position_world)[0] = 1;
  EXPECT_EQ(BuildVolumes(planes)[0].problem.code, "slices_shifted");
}

TEST(Stack, ATiltedGantryIsToldFromASingleShift) {
  std::vector<PlaneHeader> planes = TwoByTwoStack({0, 3, 6, 9});
  for (std::size_t k = 0; k < 4; ++k) (*planes[k].position_world)[1] = std::tan(0.2) * 3.0 * static_cast<double>(k);
  const base::Finding problem = BuildVolumes(planes)[0].problem;
  EXPECT_EQ(problem.code, "gantry_tilt");
  EXPECT_THAT(problem.message, HasSubstr("11.5°"));
}

TEST(Stack, ASpacingThatIsTwiceTheOneWrittenIsFlaggedAndUsed) {
  std::vector<PlaneHeader> planes = TwoByTwoStack({0, 6, 12, 18});
  for (PlaneHeader& plane : planes) plane.slice_spacing_mm = 3;
  const SeriesVolume volume = BuildVolumes(planes)[0];
  EXPECT_TRUE(volume.problem.empty());
  ASSERT_EQ(volume.flags.size(), 1U);
  EXPECT_EQ(volume.flags[0].code, "spacing_contradictory");
}

TEST(Stack, ASecondImageAtSomePlacesIsADuplicateToBeCompared) {
  std::vector<PlaneHeader> planes = TwoByTwoStack({0, 3, 6, 9, 6});
  const auto volumes = BuildVolumes(planes);
  ASSERT_EQ(volumes.size(), 1U);
  ASSERT_EQ(volumes[0].duplicates.size(), 1U);
  EXPECT_EQ(volumes[0].duplicates[0].slice, 2);
  EXPECT_EQ(volumes[0].duplicates[0].source.file, 4);
  EXPECT_EQ(volumes[0].flags.at(0).code, "slices_duplicated");
}

TEST(Stack, AStackSentTwiceIsOneVolumeWithDuplicates) {
  std::vector<PlaneHeader> planes = TwoByTwoStack({0, 3, 6, 0, 3, 6});
  for (std::size_t i = 0; i < 6; ++i) planes[i].instance_number = static_cast<int>(i % 3) + 1;
  const auto volumes = BuildVolumes(planes);
  ASSERT_EQ(volumes.size(), 1U);
  EXPECT_EQ(volumes[0].duplicates.size(), 3U);
}

TEST(Stack, OneSliceWithAReversedRowContradictsItsStack) {
  std::vector<PlaneHeader> planes = TwoByTwoStack({0, 3, 6, 9, 12});
  planes[2].orientation = {-1, 0, 0, 0, 1, 0};
  for (const SeriesVolume& volume : BuildVolumes(planes)) {
    EXPECT_EQ(volume.problem.code, "orientation_contradictory");
  }
}

TEST(Stack, PositionsThatRunAlongTheRowsContradictTheOrientation) {
  std::vector<PlaneHeader> planes = TwoByTwoStack({0, 0, 0});
  for (std::size_t k = 0; k < 3; ++k) (*planes[k].position_world)[0] = 3.0 * static_cast<double>(k);
  EXPECT_EQ(BuildVolumes(planes).at(0).problem.code, "orientation_contradictory");
}

TEST(Stack, LettersOfTheBodyMustAgreeWithTheOrientation) {
  std::vector<PlaneHeader> planes = TwoByTwoStack({0, 3});
  for (PlaneHeader& plane : planes) plane.patient_orientation = {"L", "P"};
  EXPECT_TRUE(BuildVolumes(planes)[0].problem.empty());
  for (PlaneHeader& plane : planes) plane.patient_orientation = {"R", "P"};
  EXPECT_EQ(BuildVolumes(planes)[0].problem.code, "orientation_contradictory");
}

TEST(Stack, ASecondImageAtEveryPositionIsASecondVolume) {
  std::vector<PlaneHeader> planes = TwoByTwoStack({0, 3, 6, 0, 3, 6});
  for (std::size_t i = 0; i < 6; ++i) planes[i].temporal_position = i < 3 ? 2 : 1;
  const auto volumes = BuildVolumes(planes);
  ASSERT_EQ(volumes.size(), 2U);
  EXPECT_EQ(volumes[0].planes[0].file, 0);  // in order of acquisition: the lower instance number first
  EXPECT_EQ(volumes[1].planes[2].file, 5);
}

TEST(Stack, ARepetitionWithoutAllSlicesIsNamed) {
  const auto volumes = BuildVolumes(TwoByTwoStack({0, 3, 6, 0, 3}));
  ASSERT_EQ(volumes.size(), 2U);
  EXPECT_EQ(volumes[0].problem.message, "");
  EXPECT_EQ(volumes[1].problem.code, "repetition_incomplete");
  EXPECT_THAT(volumes[1].problem.message, HasSubstr("2 slices where the first repetition has 3"));
}

TEST(Stack, BValuesDirectionsAndEchoesAreVolumesOfTheirOwn) {
  std::vector<PlaneHeader> planes = TwoByTwoStack({0, 0, 0, 0, 0});
  for (std::size_t i = 0; i < 5; ++i) planes[i].diffusion.b_value_s_mm2 = 1000;
  planes[0].diffusion.b_value_s_mm2 = 0;
  planes[2].diffusion.direction_key = "1 0 0";
  planes[3].diffusion.direction_key = "0 1 0";
  planes[4].echo_time_ms = 100;
  const auto volumes = BuildVolumes(planes);
  ASSERT_EQ(volumes.size(), 5U);
  EXPECT_EQ(volumes[0].b_value_s_mm2, 0);
  EXPECT_EQ(volumes[3].direction_key, "0 1 0");
}

TEST(Stack, ALocalizersPlanesAreSeparateAndMixed) {
  std::vector<PlaneHeader> planes = TwoByTwoStack({0, 3, 6});
  planes[1].orientation = {1, 0, 0, 0, 0, -1};
  planes[2].orientation = {0, 1, 0, 0, 0, -1};
  const auto volumes = BuildVolumes(planes);
  ASSERT_EQ(volumes.size(), 3U);
  EXPECT_EQ(volumes[1].plane, SlicePlane::kCoronal);
  EXPECT_EQ(volumes[2].plane, SlicePlane::kSagittal);
  EXPECT_EQ(PlaneOf(volumes), SlicePlane::kMixed);
}

// A file of a few megabytes can claim them; comparing each with each would take minutes.
TEST(Stack, ThousandsOfKindsOfImagesAreSortedAllTheSame) {
  std::vector<PlaneHeader> weighted, turned;
  for (int i = 0; i < 30'000; ++i) {
    PlaneHeader plane = TwoByTwoStack({0}).front();
    plane.instance_number = i;
    plane.diffusion.b_value_s_mm2 = i;
    weighted.push_back(plane);
    plane.diffusion.b_value_s_mm2 = 0;
    const double angle = 1e-4 * i;
    plane.orientation = {1, 0, 0, 0, std::cos(angle), std::sin(angle)};
    turned.push_back(plane);
  }
  const auto by_b = BuildVolumes(weighted);
  ASSERT_EQ(by_b.size(), 30'000U);
  EXPECT_EQ(by_b.back().b_value_s_mm2, 29'999);
  for (const SeriesVolume& volume : BuildVolumes(turned)) ASSERT_EQ(volume.problem.code, "orientation_contradictory");
}

TEST(Stack, WhatCannotBePlacedSaysWhichAttributeIsToBlame) {
  const auto problem_after = [](const auto& change) {
    std::vector<PlaneHeader> planes = TwoByTwoStack({0});
    change(planes[0]);
    return BuildVolumes(planes)[0].problem;
  };
  const auto is = [](const char* code, const char* words) {
    return testing::AllOf(testing::Field(&base::Finding::code, code),
                          testing::Field(&base::Finding::message, HasSubstr(words)));
  };
  EXPECT_THAT(problem_after([](PlaneHeader& p) { p.position_world.reset(); }),
              is("position_missing", "ImagePositionPatient"));
  EXPECT_THAT(problem_after([](PlaneHeader& p) { p.orientation.reset(); }),
              is("laterality_unknown", "ImageOrientationPatient"));
  EXPECT_THAT(problem_after([](PlaneHeader& p) { p.orientation = {1, 0, 0, 1, 0, 0}; }),
              is("orientation_invalid", "right angles"));
  EXPECT_THAT(problem_after([](PlaneHeader& p) { p.pixel_spacing_mm = {0, 1}; }),
              is("position_missing", "PixelSpacing"));
  EXPECT_THAT(problem_after([](PlaneHeader& p) { p.slice_spacing_mm.reset(); }), is("position_missing", "thickness"));
}

}  // namespace
}  // namespace parotis::dicom
