#include "phantom/diffusion_model.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace parotis::phantom {
namespace {

TEST(DiffusionModel, IsItsClosedForm) {
  const DiffusionModel model = {1500, 0.8, 0.1, 20000};
  // b = 800: f e^{−16} + (1 − f) e^{−1.2 + 1.44 · 0.8 / 6}.
  EXPECT_NEAR(model.At(800), 0.1 * std::exp(-16.0) + 0.9 * std::exp(-1.2 + 1.44 * 0.8 / 6), 1e-12);
  EXPECT_EQ(model.At(0), 1);
}

RC_GTEST_PROP(DiffusionModel, HasTheAdcItWasMadeFor, ()) {
  const double adc = *rc::gen::inRange(350, 2900);
  const double f = *rc::gen::inRange(0, 25) / 100.0;
  const double pseudo = *rc::gen::inRange(10000, 90000);
  const double kurtosis = *rc::gen::inRange(0, 20) / 10.0;
  const DiffusionModel model = ModelWithAdc(adc, f, pseudo, kurtosis);
  RC_ASSERT(std::abs(-std::log(model.At(1000)) * 1000 - adc) < 0.01);
  RC_ASSERT(model.kurtosis <= kurtosis + 1e-12);
}

// b < 3/(D K) everywhere: more weighting never brings signal back.
RC_GTEST_PROP(DiffusionModel, SignalFallsWithEveryWeighting, ()) {
  const double adc = *rc::gen::inRange(350, 2900);
  const double kurtosis = *rc::gen::inRange(0, 20) / 10.0;
  const DiffusionModel model = ModelWithAdc(adc, 0.1, 20000, kurtosis);
  RC_ASSERT(model.diffusivity_um2_s * model.kurtosis * 2000 < 3e6);
  for (double b = 0; b < 2000; b += 50) RC_ASSERT(model.At(b + 50) < model.At(b));
}

}  // namespace
}  // namespace parotis::phantom
