#include "maps/least_squares.h"

#include <gtest/gtest.h>

#include <vector>

namespace parotis::maps {
namespace {

// a · e^(−k x), x = 0, 1, 2, …
struct Exponential {
  double operator()(const Parameters<2>& p, std::size_t n, Parameters<2>& gradient) const {
    const double x = static_cast<double>(n);
    const double decay = std::exp(-p[1] * x);
    gradient = {decay, -p[0] * x * decay};
    return p[0] * decay;
  }
};

std::vector<double> Samples(double a, double k) {
  std::vector<double> samples;
  for (int n = 0; n < 6; ++n) samples.push_back(a * std::exp(-k * n));
  return samples;
}

TEST(LeastSquares, FindsTheParametersOfAnExactCurve) {
  const auto found = FitWithin<2>(Exponential(), Samples(2, 0.7), {1, 0.1}, {{0, 0}, {10, 10}});
  EXPECT_NEAR(found.parameters[0], 2, 1e-9);
  EXPECT_NEAR(found.parameters[1], 0.7, 1e-9);
}

TEST(LeastSquares, EndsOnTheBoundThatTheMinimumLiesBehind) {
  const auto found = FitWithin<2>(Exponential(), Samples(2, 0.7), {1, 0.1}, {{0, 0}, {10, 0.5}});
  EXPECT_EQ(found.parameters[1], 0.5);
  // The best amplitude for this rate, in closed form.
  double shape_shape = 0, shape_sample = 0;
  for (int n = 0; n < 6; ++n) {
    shape_shape += std::exp(-n * 1.0);
    shape_sample += std::exp(-0.5 * n) * 2 * std::exp(-0.7 * n);
  }
  EXPECT_NEAR(found.parameters[0], shape_sample / shape_shape, 1e-6);
}

TEST(LeastSquares, AParameterWithoutRoomStaysWhereItIs) {
  const auto found = FitWithin<2>(Exponential(), Samples(2, 0.7), {1, 0.3}, {{0, 0.7}, {10, 0.7}});
  EXPECT_EQ(found.parameters[1], 0.7);
  EXPECT_NEAR(found.parameters[0], 2, 1e-9);
}

TEST(LeastSquares, TheSymmetricSolverSolves) {
  // [4 2; 2 3] x = [2; 5] → x = (−0.5, 2).
  Parameters<2> x = {2, 5};
  ASSERT_TRUE(SolveSymmetric<2>({{{4, 0}, {2, 3}}}, x));
  EXPECT_NEAR(x[0], -0.5, 1e-14);
  EXPECT_NEAR(x[1], 2, 1e-14);
  EXPECT_FALSE(SolveSymmetric<2>({{{1, 0}, {2, 1}}}, x));
}

}  // namespace
}  // namespace parotis::maps
