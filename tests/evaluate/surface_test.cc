#include "evaluate/surface.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "evaluate/detection.h"

namespace parotis::evaluate {
namespace {

image::LabelVolume EmptyMap() {
  image::Geometry grid;
  grid.size = {24, 24, 8};
  grid.spacing_mm = {1, 1, 4};
  return image::LabelVolume(grid);
}

// Fills voxels low … low + width − 1 along i, 6 rows and 3 slices.
image::LabelVolume BlockAt(std::int64_t low, std::int64_t width, std::uint8_t label = 1) {
  image::LabelVolume map = EmptyMap();
  for (std::int64_t k = 2; k < 5; ++k) {
    for (std::int64_t j = 8; j < 14; ++j) {
      for (std::int64_t i = low; i < low + width; ++i) map.At(i, j, k) = label;
    }
  }
  return map;
}

TEST(Surfaces, OfEqualMapsAgreeFully) {
  const SurfaceAgreement same = CompareSurfaces(BlockAt(5, 6), BlockAt(5, 6), 1);
  EXPECT_EQ(same.nsd, 1);
  EXPECT_EQ(same.hd95_mm, 0);
}

TEST(Surfaces, AShiftIsWithinToleranceUpToItsLength) {
  const auto shifted = BlockAt(8, 6);
  EXPECT_NEAR(CompareSurfaces(BlockAt(5, 6), shifted, 1, 3).nsd, 1, 1e-12);
  EXPECT_LT(CompareSurfaces(BlockAt(5, 6), shifted, 1, 2).nsd, 1);
  EXPECT_NEAR(CompareSurfaces(BlockAt(5, 6), shifted, 1).hd95_mm, 3, 1e-6);
}

TEST(Surfaces, SliceSpacingCountsInMillimetres) {
  image::LabelVolume thin = EmptyMap();
  image::LabelVolume next = EmptyMap();
  for (std::int64_t i = 5; i < 10; ++i) thin.At(i, 10, 3) = next.At(i, 10, 4) = 1;
  EXPECT_NEAR(CompareSurfaces(thin, next, 1).hd95_mm, 4, 1e-6);
  EXPECT_EQ(CompareSurfaces(thin, next, 1).nsd, 0);
}

TEST(Surfaces, EmptyMapsAreUndefinedAndOneEmptyMapAgreesNowhere) {
  EXPECT_TRUE(std::isnan(CompareSurfaces(EmptyMap(), EmptyMap(), 0).nsd));
  EXPECT_EQ(CompareSurfaces(BlockAt(5, 6), EmptyMap(), 0).nsd, 0);
  EXPECT_TRUE(std::isnan(CompareSurfaces(BlockAt(5, 6), EmptyMap(), 0).hd95_mm));
}

TEST(Surfaces, AnyForegroundIsOneSurfaceWhateverItsLabels) {
  EXPECT_EQ(CompareSurfaces(BlockAt(5, 6, 1), BlockAt(5, 6, 2), 0).nsd, 1);
  EXPECT_EQ(CompareSurfaces(BlockAt(5, 6, 1), BlockAt(5, 6, 2), 1).nsd, 0);
}

RC_GTEST_PROP(Surfaces, AgreementIsSymmetric, ()) {
  const auto a = BlockAt(*rc::gen::inRange(0, 10), *rc::gen::inRange(1, 12));
  const auto b = BlockAt(*rc::gen::inRange(0, 10), *rc::gen::inRange(1, 12));
  const SurfaceAgreement there = CompareSurfaces(a, b, 1);
  const SurfaceAgreement back = CompareSurfaces(b, a, 1);
  RC_ASSERT(there.nsd == back.nsd);
  RC_ASSERT(there.hd95_mm == back.hd95_mm);
  RC_ASSERT(there.nsd >= 0 && there.nsd <= 1);
}

TEST(Detections, NumberedLesionsAreMatchedByTheirNumbers) {
  image::LabelVolume lesions = BlockAt(2, 6);  // id 1
  const image::LabelVolume other = BlockAt(14, 6);
  for (std::size_t v = 0; v < lesions.voxels.size(); ++v) {
    if (other.voxels[v] != 0) lesions.voxels[v] = 3;  // ids need not be without gaps
  }
  const LesionMatch match = MatchLesions(BlockAt(2, 6), lesions);
  EXPECT_EQ(match.reference_lesions, 1);
  EXPECT_EQ(match.true_ids, std::set<std::int32_t>{1});
  EXPECT_EQ(MatchLesions(other, lesions).true_ids, std::set<std::int32_t>{3});
  EXPECT_TRUE(MatchLesions(EmptyMap(), lesions).true_ids.empty());
}

TEST(Detections, EveryLesionIsFoundMissedOrInvented) {
  image::LabelVolume truth = BlockAt(2, 4);
  for (std::int64_t i = 18; i < 22; ++i) truth.At(i, 3, 6) = 2;
  image::LabelVolume guess = BlockAt(3, 4, 3);
  guess.At(20, 20, 1) = 1;
  EXPECT_EQ(CountDetections(truth, guess), (DetectionCounts{1, 1, 1}));
  EXPECT_EQ(CountDetections(truth, truth), (DetectionCounts{2, 0, 0}));
  EXPECT_EQ(CountDetections(EmptyMap(), EmptyMap()), (DetectionCounts{0, 0, 0}));
}

TEST(Detections, ATouchAlonePairsNothing) {
  // 1 column of 12 shared: an intersection over union of 1/12
  EXPECT_EQ(CountDetections(BlockAt(2, 6), BlockAt(7, 7)), (DetectionCounts{0, 1, 1}));
}

TEST(Detections, OnePredictionCannotStandForTwoLesions) {
  image::LabelVolume truth = BlockAt(2, 4);
  const image::LabelVolume second = BlockAt(8, 4);
  for (std::size_t v = 0; v < truth.voxels.size(); ++v) truth.voxels[v] |= second.voxels[v];
  EXPECT_EQ(CountDetections(truth, BlockAt(2, 10)), (DetectionCounts{1, 0, 1}));
}

}  // namespace
}  // namespace parotis::evaluate
