#include "physics/signal.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numbers>

#include "phantom/noise.h"

namespace parotis::physics {
namespace {

TEST(Signal, SpinEchoIsItsClosedForm) {
  // TR = T1·ln 2 recovers one half; TE = T2·ln 4 leaves one quarter.
  EXPECT_NEAR(SpinEcho(1000, 80, 1000 * std::numbers::ln2, 80 * std::log(4.0)), 0.125, 1e-12);
  EXPECT_NEAR(SpinEcho(500, 100, 1e9, 0), 1, 1e-12);
}

TEST(Signal, ContrastShortensT1) {
  // 1/T = 1/1.25 s + 4 l/(mmol·s) · 0.3 mmol/l = 2 /s.
  EXPECT_NEAR(RelaxedByContrast(1250, 4.0, 0.3), 500, 1e-9);
  EXPECT_EQ(RelaxedByContrast(1250, 4.0, 0), 1250);
}

TEST(Signal, ASpoiledGradientEchoIsItsClosedForm) {
  // At 90° the signal is 1 − E1; at the Ernst angle, cos α = E1, it is √((1 − E1)/(1 + E1)) and the largest.
  EXPECT_NEAR(SpoiledGradientEcho(1000, 1e9, 100, 0, 90), 1 - std::exp(-0.1), 1e-12);
  const double e1 = std::exp(-5.0 / 1000);
  const double ernst_deg = std::acos(e1) * 180 / std::numbers::pi;
  const double best = SpoiledGradientEcho(1000, 1e9, 5, 0, ernst_deg);
  EXPECT_NEAR(best, std::sqrt((1 - e1) / (1 + e1)), 1e-12);
  EXPECT_LT(SpoiledGradientEcho(1000, 1e9, 5, 0, ernst_deg + 2), best);
  EXPECT_LT(SpoiledGradientEcho(1000, 1e9, 5, 0, ernst_deg - 2), best);
  EXPECT_NEAR(SpoiledGradientEcho(1000, 30, 5, 30 * std::numbers::ln2, 12) / SpoiledGradientEcho(1000, 30, 5, 0, 12),
              0.5, 1e-12);
}

TEST(Signal, TwoDecaysFollowAnyT2AlongATrain) {
  for (const double t2_ms : {50.0, 80.0, 120.0, 200.0}) {
    const double slow = SlowShare(t2_ms);
    for (const double t_ms : {-60.0, -20.0, 20.0, 40.0, 70.0}) {
      const double two = (1 - slow) * std::exp(-t_ms / kShortT2Ms) + slow * std::exp(-t_ms / kLongT2Ms);
      EXPECT_NEAR(two / std::exp(-t_ms / t2_ms), 1, 0.26) << "T2 " << t2_ms << ", t " << t_ms;
    }
  }
}

TEST(Signal, AdcIsInMicrometresSquaredPerSecond) {
  EXPECT_NEAR(AdcFrom(100, 100 * std::exp(-1.0), 0, 1000), 1000, 1e-9);
}

TEST(Signal, AdcWithoutSignalIsZero) {
  EXPECT_EQ(AdcFrom(0, 10, 0, 1000), 0);
  EXPECT_EQ(AdcFrom(10, 0, 0, 1000), 0);
  EXPECT_EQ(AdcFrom(10, 20, 0, 1000), 0);
}

TEST(Signal, TablesHoldTheEquationsAtMeanTexture) {
  const phantom::Tissue tissue = {
      .water = 0.9, .fat = 0.05, .t1_ms = 1200, .t2_ms = 90, .diffusion = {1100, 0.6, 0.1, 20000}};
  const phantom::Fat fat = phantom::FatAt(phantom::FieldStrength::k3T);
  const SignalTables tables = MakeTables({tissue}, phantom::FieldStrength::k3T, {.tr_ms = 5000, .te_ms = 70}, 1000);
  const std::uint8_t mean = phantom::CodeOfTexture(0);
  EXPECT_NEAR(tables.water[0][mean] * tables.decay[0][mean],
              0.9 * SpinEcho(1200, 90, 5000, 70) * tissue.diffusion.At(1000), 1e-6);
  EXPECT_NEAR(tables.fat[0][mean] * tables.fat_decay,
              0.05 * SpinEcho(fat.t1_ms, fat.t2_ms, 5000, 70) * std::exp(-1e-3 * fat.adc_um2_s), 1e-6);
}

TEST(Signal, ContrastFollowsTheTissuesCurve) {
  const phantom::Tissue tissue = {.water = 0.9, .t1_ms = 1300, .t2_ms = 90, .kinetics = {1.5, 0.1, 5, 0.5}};
  const std::uint8_t mean = phantom::CodeOfTexture(0);
  const auto signal = [&](double after_injection_s) {
    Sequence sequence = {.kind = SequenceKind::kGradientEcho, .tr_ms = 4.5, .te_ms = 1.5, .flip_deg = 12};
    sequence.after_injection_s = after_injection_s;
    return MakeTables({tissue}, phantom::FieldStrength::k3T, sequence, 0).water[0][mean];
  };
  EXPECT_EQ(signal(-1), signal(0));
  EXPECT_GT(signal(60), 1.5 * signal(-1));
  const double t1_ms = RelaxedByContrast(1300, kR1, 0.5), t2_ms = RelaxedByContrast(90, kR2, 0.5);
  EXPECT_NEAR(signal(phantom::kReferenceTimeS),
              0.9 * SpoiledGradientEcho(t1_ms, t2_ms * StarShare(phantom::FieldStrength::k3T), 4.5, 1.5, 12), 1e-6);
}

TEST(Signal, BloodThatFlowsIsDarkInASpinEchoOnly) {
  const phantom::Tissue blood = {.water = 0.9, .t1_ms = 1900, .t2_ms = 140, .flow = 0.95};
  const std::uint8_t mean = phantom::CodeOfTexture(0);
  const auto of = [&](SequenceKind kind) {
    return MakeTables({blood}, phantom::FieldStrength::k3T, {.kind = kind, .tr_ms = 600, .te_ms = 10}, 0)
        .water[0][mean];
  };
  EXPECT_NEAR(of(SequenceKind::kSpinEcho), 0.05 * 0.9 * SpinEcho(1900, 140, 600, 10), 1e-6);
  EXPECT_GT(of(SequenceKind::kGradientEcho), 5 * of(SequenceKind::kSpinEcho));
}

RC_GTEST_PROP(Signal, TextureSurvivesItsEightBits, ()) {
  const double texture = *rc::gen::inRange(-3000, 3000) / 1000.0;
  RC_ASSERT(std::abs(phantom::TextureOf(phantom::CodeOfTexture(texture)) - texture) <= 0.0126);
}

TEST(Noise, IsStandardisedSmoothAndPeriodic) {
  base::Random random(9);
  const phantom::SmoothNoise noise(random);
  double sum = 0, squares = 0, jumps = 0;
  constexpr int kSamples = 40000;
  for (int n = 0; n < kSamples; ++n) {
    const auto x = static_cast<float>(random.Uniform(-200, 200));
    const auto y = static_cast<float>(random.Uniform(-200, 200));
    const double value = noise(x, y, 3), next = noise(x + 0.1f, y, 3);
    sum += value, squares += value * value, jumps += (next - value) * (next - value);
  }
  EXPECT_NEAR(sum / kSamples, 0, 0.1);
  EXPECT_NEAR(squares / kSamples, 0.85, 0.2);  // between lattice points linear interpolation averages a little
  EXPECT_LT(std::sqrt(jumps / kSamples), 0.1);
  EXPECT_FLOAT_EQ(noise(1.25f, 2, 3), noise(1.25f + phantom::SmoothNoise::kCells, 2, 3 - phantom::SmoothNoise::kCells));
}

}  // namespace
}  // namespace parotis::physics
