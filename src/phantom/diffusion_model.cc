#include "phantom/diffusion_model.h"

#include <algorithm>
#include <cmath>

namespace parotis::phantom {
namespace {

constexpr double kMm2PerUm2 = 1e-6;
constexpr double kReferenceB = 1000;

// D at which b D − (b D)² K / 6 = `decay` for b = 1000 s/mm², with K lowered until D K is allowed.
double Diffusivity(double decay, double& kurtosis) {
  const double largest_dk = kLargestDk_um2_s * kMm2PerUm2 * kReferenceB;
  // At the limit b D (1 − b D K / 6) = decay has this solution.
  const double at_limit = decay / (1 - largest_dk / 6);
  kurtosis = std::min(kurtosis, largest_dk / at_limit);
  if (kurtosis < 1e-9) return decay;
  // The smaller root of K x²/6 − x + decay = 0.
  const double discriminant = std::max(0.0, 1 - 4 * kurtosis * decay / 6);
  return 2 * decay / (1 + std::sqrt(discriminant));
}

}  // namespace

double DiffusionModel::At(double b_s_mm2) const {
  const double weighting = b_s_mm2 * kMm2PerUm2;
  const double bd = weighting * diffusivity_um2_s;
  return perfusion_fraction * std::exp(-weighting * pseudo_diffusion_um2_s) +
         (1 - perfusion_fraction) * std::exp(-bd + bd * bd * kurtosis / 6);
}

DiffusionModel ModelWithAdc(double adc_um2_s, double perfusion_fraction, double pseudo_diffusion_um2_s,
                            double kurtosis) {
  DiffusionModel model{0, kurtosis, perfusion_fraction, pseudo_diffusion_um2_s};
  const double weighting = kReferenceB * kMm2PerUm2;
  const double perfused = perfusion_fraction * std::exp(-weighting * pseudo_diffusion_um2_s);
  const double left = (std::exp(-weighting * adc_um2_s) - perfused) / (1 - perfusion_fraction);
  const double decay = -std::log(std::max(left, 1e-6));
  model.diffusivity_um2_s = Diffusivity(decay, model.kurtosis) / weighting;
  return model;
}

}  // namespace parotis::phantom
