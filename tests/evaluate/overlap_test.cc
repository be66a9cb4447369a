#include "evaluate/overlap.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "base/error.h"

namespace parotis::evaluate {
namespace {

image::LabelVolume MapOf(const std::vector<std::uint8_t>& voxels) {
  image::Geometry grid;
  grid.size = {static_cast<std::int64_t>(voxels.size()), 1, 1};
  image::LabelVolume map(grid);
  map.voxels = voxels;
  return map;
}

struct MapPair {
  image::LabelVolume a, b;
};

MapPair AnyPair() {
  const auto count = *rc::gen::inRange<std::size_t>(1, 60);
  const auto label = rc::gen::inRange<std::uint8_t>(0, 4);
  return {MapOf(*rc::gen::container<std::vector<std::uint8_t>>(count, label)),
          MapOf(*rc::gen::container<std::vector<std::uint8_t>>(count, label))};
}

TEST(Overlap, CountsOfASmallExampleAreThoseCountedByHand) {
  const auto overlaps = OverlapPerLabel(MapOf({0, 1, 1, 1, 2, 2}), MapOf({1, 1, 1, 0, 2, 1}), 3);
  EXPECT_EQ(overlaps[1], (Overlap{2, 2, 1, 1}));
  EXPECT_EQ(overlaps[2], (Overlap{1, 0, 1, 4}));
  EXPECT_DOUBLE_EQ(DiceOf(overlaps[1]), 4.0 / 7);
  EXPECT_DOUBLE_EQ(JaccardOf(overlaps[1]), 2.0 / 5);
  EXPECT_EQ(OverlapOfForeground(MapOf({0, 1, 1, 1, 2, 2}), MapOf({1, 1, 1, 0, 2, 1})), (Overlap{4, 1, 1, 0}));
}

TEST(Overlap, ALabelInNeitherMapHasNoDiceAndALabelInOneMapHasDiceZero) {
  const auto overlaps = OverlapPerLabel(MapOf({0, 1, 0}), MapOf({0, 0, 2}), 4);
  EXPECT_EQ(DiceOf(overlaps[1]), 0);
  EXPECT_EQ(DiceOf(overlaps[2]), 0);
  EXPECT_TRUE(std::isnan(DiceOf(overlaps[3])));
  EXPECT_TRUE(std::isnan(JaccardOf(overlaps[3])));
}

TEST(Overlap, SwappedClassesCostTheClassDiceButNotTheTumourDice) {
  const auto truth = MapOf({0, 1, 1, 2, 2, 2});
  const auto swapped = MapOf({0, 2, 2, 1, 1, 1});
  const auto overlaps = OverlapPerLabel(truth, swapped, 3);
  EXPECT_EQ(DiceOf(overlaps[1]), 0);
  EXPECT_EQ(DiceOf(overlaps[2]), 0);
  EXPECT_EQ(DiceOf(OverlapOfForeground(truth, swapped)), 1);
}

TEST(Overlap, AnotherGridOrAnUnknownLabelIsRefused) {
  auto moved = MapOf({0, 1});
  moved.geometry.origin_world[0] += 1;
  EXPECT_THROW(OverlapPerLabel(MapOf({0, 1}), moved, 2), base::Error);
  EXPECT_THROW(OverlapOfForeground(MapOf({0, 1}), moved), base::Error);
  EXPECT_THROW(OverlapPerLabel(MapOf({0, 1}), MapOf({0, 2}), 2), base::Error);
}

RC_GTEST_PROP(Overlap, DiceIsSymmetricAndWithinZeroAndOne, ()) {
  const MapPair pair = AnyPair();
  const auto there = OverlapPerLabel(pair.a, pair.b, 4);
  const auto back = OverlapPerLabel(pair.b, pair.a, 4);
  for (std::size_t label = 0; label < 4; ++label) {
    if (there[label].both_empty()) continue;
    RC_ASSERT(DiceOf(there[label]) == DiceOf(back[label]));
    RC_ASSERT(DiceOf(there[label]) >= 0.0 && DiceOf(there[label]) <= 1.0);
    RC_ASSERT(JaccardOf(there[label]) <= DiceOf(there[label]));
  }
}

RC_GTEST_PROP(Overlap, EveryVoxelIsCountedOncePerLabel, ()) {
  const MapPair pair = AnyPair();
  for (const Overlap& o : OverlapPerLabel(pair.a, pair.b, 4)) {
    RC_ASSERT(o.true_positive + o.false_positive + o.false_negative + o.true_negative ==
              static_cast<std::int64_t>(pair.a.voxels.size()));
  }
}

RC_GTEST_PROP(Overlap, AMapAgreesWithItselfPerfectly, ()) {
  const MapPair pair = AnyPair();
  for (const Overlap& o : OverlapPerLabel(pair.a, pair.a, 4)) RC_ASSERT(o.both_empty() || DiceOf(o) == 1.0);
}

}  // namespace
}  // namespace parotis::evaluate
