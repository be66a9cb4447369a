#include "diagnose/logit.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "base/random.h"

namespace parotis::diagnose {
namespace {

// Samples whose classes follow `theta`; random designs.
std::vector<LogitSample> Drawn(std::size_t count, const std::vector<double>& theta, std::uint64_t seed) {
  std::vector<LogitSample> samples;
  for (std::size_t i = 0; i < count; ++i) {
    base::Random random(seed, {i});
    LogitSample sample;
    std::vector<double> weights;
    double sum = 0;
    for (int c = 0; c < 3; ++c) {
      std::vector<double> row;
      double logit = 0;
      for (const double t : theta) {
        row.push_back(random.Normal());
        logit += t * row.back();
      }
      weights.push_back(std::exp(logit));
      sum += weights.back();
      sample.design.push_back(std::move(row));
    }
    double draw = random.Uniform(0, sum);
    while (sample.truth < 2 && draw > weights[sample.truth]) draw -= weights[sample.truth++];
    samples.push_back(std::move(sample));
  }
  return samples;
}

double Objective(const std::vector<LogitSample>& samples, const LogitPrior& prior, const std::vector<double>& theta) {
  double value = 0;
  for (const LogitSample& sample : samples) value += LogitLoss(sample, theta);
  for (std::size_t k = 0; k < theta.size(); ++k)
    value += 0.5 * prior.precision[k] * (theta[k] - prior.mean[k]) * (theta[k] - prior.mean[k]);
  return value;
}

RC_GTEST_PROP(FitLogit, EndsWhereNoSmallChangeIsBetter, ()) {
  const std::uint64_t seed = *rc::gen::arbitrary<std::uint64_t>();
  const auto samples = Drawn(static_cast<std::size_t>(*rc::gen::inRange(1, 60)), {0.7, -1.2, 0.1}, seed);
  const LogitPrior prior{{1, 0, 0}, {4, 1, *rc::gen::element(0.01, 1.0, 100.0)}};
  const std::vector<double> theta = FitLogit(samples, prior);
  const double reached = Objective(samples, prior, theta);
  for (std::size_t k = 0; k < theta.size(); ++k) {
    for (const double step : {-1e-3, 1e-3}) {
      std::vector<double> moved = theta;
      moved[k] += step;
      RC_ASSERT(Objective(samples, prior, moved) >= reached - 1e-9);
    }
  }
}

TEST(FitLogit, FindsWhatTheSamplesWereDrawnWith) {
  const std::vector<double> theta = FitLogit(Drawn(20000, {0.7, -1.2}, 5), {{0, 0}, {1e-3, 1e-3}});
  EXPECT_NEAR(theta[0], 0.7, 0.05);
  EXPECT_NEAR(theta[1], -1.2, 0.05);
}

TEST(FitLogit, WithoutSamplesItIsThePriorsMean) {
  EXPECT_EQ(FitLogit({}, {{0.3, -2}, {1, 1}}), (std::vector<double>{0.3, -2}));
}

TEST(FitLogit, SeparableSamplesStayFinite) {
  std::vector<LogitSample> samples;
  for (std::size_t i = 0; i < 30; ++i) samples.push_back({{{i % 2 == 0 ? 1.0 : -1.0}, {0.0}}, i % 2});
  const std::vector<double> theta = FitLogit(samples, {{0}, {0.5}});
  EXPECT_GT(theta[0], 1);
  EXPECT_LT(theta[0], 10);
}

TEST(LogitLoss, IsMinusTheLogarithmOfTheProbability) {
  const LogitSample sample{{{1, 0}, {0, 2}, {0, 0}}, 1};
  const double sum = std::exp(0.5) + std::exp(2 * 0.25) + 1;
  EXPECT_NEAR(LogitLoss(sample, {0.5, 0.25}), -std::log(std::exp(0.5) / sum), 1e-12);
}

}  // namespace
}  // namespace parotis::diagnose
