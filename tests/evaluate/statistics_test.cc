#include "evaluate/statistics.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numeric>

#include "evaluate/bootstrap.h"

namespace parotis::evaluate {
namespace {

void ExpectInterval(const Interval& interval, double low, double high, double tolerance = 5e-5) {
  EXPECT_NEAR(interval.low, low, tolerance);
  EXPECT_NEAR(interval.high, high, tolerance);
}

// Newcombe, Stat Med 1998;17:857, table I, method 3; the digits are statsmodels' proportion_confint(method="wilson").
TEST(Wilson, GivesThePublishedIntervals) {
  ExpectInterval(WilsonInterval(81, 263), 0.255289, 0.366210, 1e-6);
  ExpectInterval(WilsonInterval(15, 148), 0.062386, 0.160487, 1e-6);
  ExpectInterval(WilsonInterval(0, 20), 0, 0.161125, 1e-6);
  ExpectInterval(WilsonInterval(1, 29), 0.006113, 0.171755, 1e-6);
  ExpectInterval(WilsonInterval(29, 29), 0.883030, 1, 1e-6);
  ExpectInterval(WilsonInterval(17, 25, 0.90), 0.515595, 0.809250, 1e-6);
}

RC_GTEST_PROP(Wilson, ContainsTheEstimateAndStaysWithinZeroAndOne, ()) {
  const auto n = *rc::gen::inRange<std::int64_t>(1, 5000);
  const auto count = *rc::gen::inRange<std::int64_t>(0, n + 1);
  const Proportion proportion{count, n};
  const Interval interval = proportion.interval();
  RC_ASSERT(0 <= interval.low && interval.low <= proportion.estimate());
  RC_ASSERT(proportion.estimate() <= interval.high && interval.high <= 1);
  RC_ASSERT(interval.high > interval.low);
}

TEST(Wilson, WithoutTrialsThereIsNoEstimate) {
  EXPECT_TRUE(std::isnan(Proportion{}.estimate()));
  EXPECT_TRUE(std::isnan(WilsonInterval(0, 0).low));
}

TEST(IntervalOfMean, OfOneProportionIsItsWilsonIntervalAndOfSeveralNarrower) {
  const std::vector<Proportion> one = {{17, 25}};
  const Interval alone = WilsonInterval(17, 25);
  ExpectInterval(IntervalOfMean(one), alone.low, alone.high, 1e-12);
  const std::vector<Proportion> three = {{17, 25}, {17, 25}, {17, 25}};
  const Interval mean = IntervalOfMean(three);
  EXPECT_NEAR(0.68 - mean.low, (0.68 - alone.low) / std::sqrt(3), 1e-12);
  const std::vector<Proportion> perfect = {{25, 25}, {30, 30}};
  EXPECT_LT(IntervalOfMean(perfect).low, 0.95) << "a perfect result on few patients is not certain";
}

// scipy.stats.binomtest(min(b, c), b + c, 0.5).pvalue
TEST(McNemar, GivesTheExactBinomialProbability) {
  EXPECT_NEAR(McNemarExactP({59, 6, 16, 80}), 0.052478790283203125, 1e-15);
  EXPECT_NEAR(McNemarExactP({1, 1, 7, 12}), 0.0703125, 1e-15);
  EXPECT_NEAR(McNemarExactP({0, 12, 2, 0}), 0.012939453125, 1e-15);
  EXPECT_EQ(McNemarExactP({5, 10, 10, 5}), 1);
  EXPECT_EQ(McNemarExactP({5, 0, 0, 5}), 1);
}

// The R package contingencytables (tests of Newcombe_square_and_add_CI_paired_2x2) gives −0.1186 to −0.0046 for Cavo
// 2012; the book behind it (Fagerland, Lydersen and Laake 2017, ch. 8) gives −0.507 to −0.026 for Bentur 2009.
TEST(Newcombe, GivesThePublishedPairedIntervals) {
  ExpectInterval(NewcombePairedInterval({59, 6, 16, 80}), -0.1186, -0.0046);
  ExpectInterval(NewcombePairedInterval({1, 1, 7, 12}), -0.507, -0.026, 5e-4);
  EXPECT_NEAR((PairedCounts{59, 6, 16, 80}.difference()), -0.0621, 5e-5);
}

RC_GTEST_PROP(Newcombe, ContainsTheDifferenceAndChangesSignWithTheOrder, ()) {
  const auto any = rc::gen::inRange<std::int64_t>(0, 200);
  const PairedCounts counts{*any, *any, *any, *any + 1};
  const PairedCounts turned{counts.both, counts.only_second, counts.only_first, counts.neither};
  const Interval interval = NewcombePairedInterval(counts);
  const Interval back = NewcombePairedInterval(turned);
  RC_ASSERT(interval.low <= counts.difference() && counts.difference() <= interval.high);
  RC_ASSERT(interval.low >= -1 - 1e-12 && interval.high <= 1 + 1e-12);
  RC_ASSERT(std::abs(interval.low + back.high) < 1e-12 && std::abs(interval.high + back.low) < 1e-12);
}

TEST(Wilcoxon, IsExactWithoutTies) {
  // Darwin's maize (Hand et al. 1994, data set 3): scipy.stats.wilcoxon(…, method="exact") gives 0.041259765625.
  const std::vector<double> maize = {6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75};
  EXPECT_NEAR(WilcoxonSignedRankP(maize), 0.041259765625, 1e-12);
}

TEST(Wilcoxon, UsesTheNormalApproximationWithTies) {
  // scipy.stats.wilcoxon(…, method="approx", correction=False)
  const std::vector<double> differences = {1, 1, 2, -2, 3,  3, -3, 4, 5, 6, -1, 2, 2,  7, 8,
                                           0, 0, 4, 4,  -5, 6, 7,  8, 9, 2, 3,  1, -1, 2, 5};
  EXPECT_NEAR(WilcoxonSignedRankP(differences), 0.00040271771841238473, 1e-12);
  EXPECT_EQ(WilcoxonSignedRankP(std::vector<double>{0, 0, 0}), 1);
}

TEST(Percentile, IsLinearBetweenOrderStatistics) {
  // numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6], [2.5, 50, 97.5])
  const std::vector<double> values = {3, 1, 4, 1, 5, 9, 2, 6};
  EXPECT_NEAR(PercentileOf(values, 0.025), 1.0, 1e-12);
  EXPECT_NEAR(PercentileOf(values, 0.5), 3.5, 1e-12);
  EXPECT_NEAR(PercentileOf(values, 0.975), 8.475, 1e-12);
}

TEST(Bootstrap, IsTheSameForTheSameSeedOnAnyNumberOfThreads) {
  std::vector<double> values(40);
  std::iota(values.begin(), values.end(), 0.0);
  BootstrapOptions one{2000, 7, kConfidence, 1};
  BootstrapOptions two{2000, 7, kConfidence, 2};
  BootstrapOptions other{2000, 8, kConfidence, 1};
  EXPECT_EQ(BootstrapMean(values, one).low, BootstrapMean(values, two).low);
  EXPECT_EQ(BootstrapMean(values, one).high, BootstrapMean(values, two).high);
  EXPECT_NE(BootstrapMean(values, one).low, BootstrapMean(values, other).low);
}

TEST(Bootstrap, OfAMeanAgreesWithTheNormalIntervalOnManyUnits) {
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(std::sin(i * 12.9898) * 10);
  const double error = StandardDeviationOf(values) / 20;
  const Interval interval = BootstrapMean(values, {});
  EXPECT_NEAR(interval.low, MeanOf(values) - 1.96 * error, 0.1 * error);
  EXPECT_NEAR(interval.high, MeanOf(values) + 1.96 * error, 0.1 * error);
}

TEST(Bootstrap, IsUndefinedWithoutUnitsOrWhenTheStatisticRarelyExists) {
  EXPECT_TRUE(std::isnan(BootstrapMean({}, {}).low));
  const auto rarely = [](std::span<const std::size_t> drawn) { return drawn[0] == 0 ? 1.0 : NAN; };
  EXPECT_TRUE(std::isnan(Bootstrap(3, rarely, {}).low));
}

}  // namespace
}  // namespace parotis::evaluate
