#include "align/mutual_information.h"

#include <gtest/gtest.h>

#include <cmath>

#include "align/minimise.h"
#include "base/random.h"

namespace parotis::align {
namespace {

struct Values {
  std::vector<float> fixed, moving, derivative;
  std::vector<std::uint8_t> inside;
};

// moving = f(fixed) + noise, f not monotonous: correlation sees nothing, information does.
Values Related(double noise) {
  base::Random random(5);
  Values values;
  for (int n = 0; n < 4000; ++n) {
    const double x = random.Uniform();
    values.fixed.push_back(static_cast<float>(x));
    values.moving.push_back(static_cast<float>(std::abs(x - 0.5) + noise * random.Normal()));
  }
  values.derivative.resize(values.fixed.size());
  values.inside.assign(values.fixed.size(), 1);
  return values;
}

double InformationOf(Values& values) {
  MutualInformation information(values.fixed, {0, 1}, {-0.2f, 0.7f});
  return information.Evaluate(values.moving, values.inside, values.derivative);
}

TEST(MutualInformation, FallsWithNoiseAndIsNearNothingForUnrelatedValues) {
  Values clean = Related(0.01), noisy = Related(0.1), unrelated = Related(0.01);
  base::Random random(6);
  random.Shuffle(unrelated.moving);
  EXPECT_GT(InformationOf(clean), InformationOf(noisy) + 0.3);
  EXPECT_LT(InformationOf(unrelated), 0.1);
}

TEST(MutualInformation, TwoEquallyLikelyValuesThatNameEachOtherHaveTheInformationOfOneCoin) {
  Values values;
  for (int n = 0; n < 1000; ++n) {
    values.fixed.push_back(n % 2 == 0 ? 0.1f : 0.9f);
    values.moving.push_back(n % 2 == 0 ? 0.0f : 0.5f);
  }
  values.derivative.resize(1000);
  values.inside.assign(1000, 1);
  EXPECT_NEAR(InformationOf(values), std::log(2.0), 1e-9);
}

TEST(MutualInformation, TheDerivativeIsThatOfFiniteDifferences) {
  Values values = Related(0.05);
  MutualInformation information(values.fixed, {0, 1}, {-0.2f, 0.7f});
  std::vector<float> derivative(values.fixed.size());
  information.Evaluate(values.moving, values.inside, derivative);
  for (const std::size_t n : {3UL, 500UL, 3999UL}) {
    std::vector<float> moved = values.moving;
    constexpr float kStep = 0.004f;
    moved[n] = values.moving[n] + kStep;
    const double above = information.Evaluate(moved, values.inside, values.derivative);
    moved[n] = values.moving[n] - kStep;
    const double below = information.Evaluate(moved, values.inside, values.derivative);
    EXPECT_NEAR(derivative[n], (above - below) / (2 * kStep), 0.02 * std::abs(derivative[n]) + 1e-6);
  }
}

TEST(MutualInformation, WhatIsOutsideDoesNotCount) {
  Values values = Related(0.05);
  const double all = InformationOf(values);
  for (std::size_t n = 0; n < 500; ++n) {
    values.fixed.push_back(0.3f);
    values.moving.push_back(0.6f);
    values.inside.push_back(0);
  }
  values.derivative.resize(values.fixed.size());
  EXPECT_EQ(InformationOf(values), all);
  EXPECT_EQ(values.derivative.back(), 0);
}

TEST(Minimise, FindsTheBottomOfACrookedValley) {
  // Rosenbrock's function; minimum at (1, 1).
  const Objective valley = [](const std::vector<double>& x, std::vector<double>& gradient) {
    const double a = 1 - x[0], b = x[1] - x[0] * x[0];
    gradient = {-2 * a - 400 * x[0] * b, 200 * b};
    return a * a + 100 * b * b;
  };
  MinimiseOptions options;
  options.iterations = 200;
  options.shortest_step = 1e-7;
  options.smallest_gain = 1e-12;
  const Minimum minimum = Minimise(valley, {-1.2, 1}, options);
  EXPECT_NEAR(minimum.x[0], 1, 1e-3);
  EXPECT_NEAR(minimum.x[1], 1, 1e-3);
}

}  // namespace
}  // namespace parotis::align
