#include "image/threshold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace parotis::image {
namespace {

using testing::ElementsAre;

TEST(Quantiles, LieLinearlyBetweenNeighboursInOrder) {
  const std::vector<double> quantiles = {0, 0.25, 0.5, 0.9, 1};
  EXPECT_THAT(Quantiles({40, 10, 30, 20, 50}, quantiles), ElementsAre(10, 20, 30, 46, 50));
  EXPECT_THAT(Quantiles({7}, quantiles), ElementsAre(7, 7, 7, 7, 7));
  EXPECT_THAT(Quantiles({}, std::vector<double>{0.5}), ElementsAre(0));
}

RC_GTEST_PROP(Quantiles, AgreeWithSorting, ()) {
  const auto whole = *rc::gen::nonEmpty<std::vector<int>>();
  std::vector<float> values(whole.begin(), whole.end());
  const double q = *rc::gen::inRange(0, 1001) / 1000.0;
  const float got = Quantiles(values, std::vector<double>{q})[0];
  std::sort(values.begin(), values.end());
  const double position = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  RC_ASSERT(got >= values[below] && got <= values[std::min(below + 1, values.size() - 1)]);
}

TEST(OtsuThreshold, PartsTwoGroupsWhateverTheirSizes) {
  std::vector<float> values(1000, 10.0F);
  for (int i = 0; i < 1000; ++i) values[static_cast<std::size_t>(i)] += static_cast<float>(i % 7);
  for (int i = 0; i < 60; ++i) values.push_back(static_cast<float>(200 + i % 11));
  const float threshold = OtsuThreshold(values);
  EXPECT_GE(threshold, 16);
  EXPECT_LT(threshold, 200);
}

TEST(OtsuThreshold, NothingIsBrightWhenAllIsEqual) {
  EXPECT_EQ(OtsuThreshold(std::vector<float>(5, 3.0F)), 3);
  EXPECT_EQ(OtsuThreshold({}), 0);
}

RC_GTEST_PROP(OtsuThreshold, MovesWithTheUnit, ()) {
  const auto whole = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1000)));
  const std::vector<float> values(whole.begin(), whole.end());
  std::vector<float> scaled = values;
  for (float& value : scaled) value = 4 * value + 64;
  const float threshold = OtsuThreshold(values);
  const float scaled_threshold = OtsuThreshold(scaled);
  for (std::size_t v = 0; v < values.size(); ++v) RC_ASSERT((values[v] > threshold) == (scaled[v] > scaled_threshold));
}

}  // namespace
}  // namespace parotis::image
