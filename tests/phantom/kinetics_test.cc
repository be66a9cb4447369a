#include "phantom/kinetics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace parotis::phantom {
namespace {

// The integral of the extended Tofts model, by brute force.
double Tofts(double kep_per_min, double share, double time_s) {
  constexpr double step = 0.05;
  double integral = 0;
  for (double t = step / 2; t < time_s; t += step)
    integral += ArterialInput(t) * std::exp(-kep_per_min / 60 * (time_s - t)) * step;
  return (1 - share) * kep_per_min / 60 * integral + share * ArterialInput(time_s);
}

TEST(Kinetics, AreTheExtendedToftsModel) {
  for (const auto& [kep, share] : {std::pair{0.3, 0.05}, {1.2, 0.1}, {4.0, 0.3}}) {
    const Kinetics kinetics = {kep, share, 0, 0.4};
    const double scale = 0.4 / Tofts(kep, share, kReferenceTimeS);
    const std::vector<double> times_s = {20, 45, 90, 150, 290};
    const std::vector<double> made = ConcentrationAt(kinetics, times_s);
    for (std::size_t n = 0; n < times_s.size(); ++n)
      EXPECT_NEAR(made[n], scale * Tofts(kep, share, times_s[n]), 0.01) << times_s[n] << " s, kep " << kep;
  }
}

// The exponential tail of Parker's function: after the first passes it halves every ln 2 / 0.1685 min.
TEST(Kinetics, TheArteryClearsAsPublished) {
  EXPECT_NEAR(ArterialInput(120 + 60 * std::log(2.0) / 0.1685) / ArterialInput(120), 0.5, 1e-3);
  EXPECT_EQ(ArterialInput(-1), 0);
  // 1.05 e^{−0.1685 · 3} mmol/l of blood, over 1 − 0.42.
  EXPECT_NEAR(ArterialInput(180), 1.05 * std::exp(-0.5055) / 0.58, 1e-3);
}

TEST(Kinetics, NothingBeforeTheInjectionAndTheStatedAmountAtTheStatedTime) {
  const Kinetics kinetics = {0.8, 0.1, 6, 0.46};
  EXPECT_EQ(ConcentrationAt(kinetics, {-20, 0})[1], 0);
  EXPECT_NEAR(ConcentrationAt(kinetics, {kReferenceTimeS})[0], 0.46, 1e-9);
}

TEST(Kinetics, AreFoundForTheCurvesOfEveryClass) {
  // Means and a standard deviation about them, as far as the model can follow.
  for (const auto& [time_s, washout] :
       {std::pair{58.0, 44.0}, {40.0, 60.0}, {80.0, 25.0}, {160.0, 6.0}, {220.0, 3.0}, {118.0, 15.0}}) {
    const CurveShape shape = ShapeOf(KineticsWith({time_s, washout}, 0.45));
    EXPECT_NEAR(shape.washout_percent, washout, 5) << time_s;
    EXPECT_NEAR(shape.time_to_peak_s, time_s, 30) << washout;
  }
}

}  // namespace
}  // namespace parotis::phantom
