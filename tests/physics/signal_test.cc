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

RC_GTEST_PROP(Signal, AdcUndoesTheDecay, ()) {
  const double adc = *rc::gen::inRange(1, 3500);
  const double b = *rc::gen::inRange(200, 2000);
  RC_ASSERT(std::abs(AdcFrom(400, 400 * DiffusionDecay(b, adc), 0, b) - adc) < 1e-6);
}

TEST(Signal, AdcIsInMicrometresSquaredPerSecond) {
  EXPECT_NEAR(AdcFrom(100, 100 * std::exp(-1.0), 0, 1000), 1000, 1e-9);
}

TEST(Signal, AdcWithoutSignalIsZero) {
  EXPECT_EQ(AdcFrom(0, 10, 0, 1000), 0);
  EXPECT_EQ(AdcFrom(10, 0, 0, 1000), 0);
  EXPECT_EQ(AdcFrom(10, 20, 0, 1000), 0);
}

// Second moment of the Rice distribution: s² + 2σ²; mean of the Rayleigh distribution: σ√(π/2).
TEST(Signal, NoiseHasTheMomentsOfRice) {
  base::Random random(4);
  double squares = 0, rayleigh = 0;
  constexpr int kDraws = 200000;
  for (int d = 0; d < kDraws; ++d) {
    const double s = AddRicianNoise(3, 2, random);
    squares += s * s;
    rayleigh += AddRicianNoise(0, 2, random);
  }
  EXPECT_NEAR(squares / kDraws, 9 + 2 * 4, 0.15);
  EXPECT_NEAR(rayleigh / kDraws, 2 * std::sqrt(std::numbers::pi / 2), 0.02);
}

TEST(Signal, TablesHoldTheEquationsAtMeanTexture) {
  const phantom::Tissue tissue = {0.9, 0.05, 1200, 90, 1100, 0.4, 0, 0.1, 100, 0.1};
  const phantom::Fat fat = phantom::FatAt(phantom::FieldStrength::k3T);
  const Sequence sequence = {5000, 70, 0.1, false, false};
  const SignalTables tables = MakeTables({tissue}, fat, sequence, 1000);
  const double water = 0.9 * SpinEcho(1200, 90, 5000, 70) * std::exp(-1.1);
  const double fatty = 0.05 * 0.1 * SpinEcho(fat.t1_ms, fat.t2_ms, 5000, 70) * DiffusionDecay(1000, fat.adc_um2_s);
  const std::uint8_t mean = phantom::CodeOfTexture(0);
  EXPECT_NEAR(tables.At(0, mean, mean), water + fatty, 1e-6);
}

TEST(Signal, ContrastBrightensOnlyASequenceAfterInjection) {
  const phantom::Tissue tissue = {0.9, 0, 1300, 90, 1000, 0.5, 0, 0, 0, 0};
  const std::uint8_t mean = phantom::CodeOfTexture(0);
  const auto signal = [&](bool contrast) {
    return MakeTables({tissue}, phantom::FatAt(phantom::FieldStrength::k3T), {600, 10, 0.1, false, contrast}, 0)
        .At(0, mean, mean);
  };
  EXPECT_GT(signal(true), 1.6 * signal(false));
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
