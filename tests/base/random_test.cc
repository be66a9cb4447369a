#include "base/random.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <set>

namespace parotis::base {
namespace {

TEST(Random, TheSameSeedGivesTheSameNumbers) {
  Random a(42), b(42), c(43);
  EXPECT_EQ(a.Bits(), b.Bits());
  EXPECT_NE(a.Bits(), c.Bits());
}

TEST(Random, StreamsOfOneSeedDifferFromEachOther) {
  std::set<std::uint64_t> first;
  for (std::uint64_t patient = 0; patient < 100; ++patient) {
    for (std::uint64_t purpose = 0; purpose < 10; ++purpose) first.insert(Random(1, {patient, purpose}).Bits());
  }
  EXPECT_EQ(first.size(), 1000U);
}

TEST(Random, AStoredStateContinuesTheSequence) {
  Random a(7);
  a.Bits();
  Random b = Random::FromState(a.state());
  EXPECT_EQ(a.Bits(), b.Bits());
}

RC_GTEST_PROP(Random, IntegersStayInRange, ()) {
  const auto count = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  for (int i = 0; i < 20; ++i) {
    const std::int64_t value = random.Integer(count);
    RC_ASSERT(value >= 0 && value < count);
  }
}

struct Moments {
  double mean, sd;
};
template <class Draw>
Moments MomentsOf(int n, Draw draw) {
  double sum = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    const double x = draw();
    sum += x, squares += x * x;
  }
  return {sum / n, std::sqrt(squares / n - sum / n * sum / n)};
}

TEST(Random, NormalVariablesHaveTheirMoments) {
  Random random(1);
  const Moments moments = MomentsOf(200'000, [&] { return random.Normal(5, 2); });
  EXPECT_NEAR(moments.mean, 5, 0.02);
  EXPECT_NEAR(moments.sd, 2, 0.02);
}

TEST(Random, LogNormalVariablesHaveTheMeanAndDeviationOfTheVariableItself) {
  Random random(2);
  const Moments moments = MomentsOf(400'000, [&] { return random.LogNormal(1.73, 0.38); });
  EXPECT_NEAR(moments.mean, 1.73, 0.005);
  EXPECT_NEAR(moments.sd, 0.38, 0.005);
}

TEST(Random, WeightedDrawsFollowTheWeightsAndNeverTakeAZero) {
  Random random(3);
  std::array<int, 4> counts{};
  for (int i = 0; i < 40'000; ++i) ++counts[random.Weighted({1, 0, 2, 1})];
  EXPECT_EQ(counts[1], 0);
  EXPECT_NEAR(counts[2], 20'000, 500);
}

TEST(Random, AShuffleIsAPermutation) {
  std::vector<int> values(100);
  for (int i = 0; i < 100; ++i) values[i] = i;
  const std::vector<int> before = values;
  Random random(4);
  random.Shuffle(values);
  EXPECT_NE(values, before);
  EXPECT_EQ(std::set<int>(values.begin(), values.end()).size(), 100U);
}

}  // namespace
}  // namespace parotis::base
