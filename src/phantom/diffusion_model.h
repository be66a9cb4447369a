// How water's signal falls with diffusion weighting: perfusion in a fraction of the voxel, kurtosis in the rest,
//   S(b)/S(0) = f e^{−b D*} + (1 − f) e^{−b D + (b D)² K / 6}
// (Le Bihan et al., Radiology 1988;168:497; Jensen et al., MRM 2005;53:1432). b in s/mm², D and D* in µm²/s
// (10⁻⁶ mm²/s).
#pragma once

namespace parotis::phantom {

struct DiffusionModel {
  double diffusivity_um2_s = 1000;        // D
  double kurtosis = 0;                    // K
  double perfusion_fraction = 0;          // f
  double pseudo_diffusion_um2_s = 10000;  // D*

  double At(double b_s_mm2) const;
};

// The quadratic term makes the signal rise again from b = 3 / (D K) on. D K is kept below this, so that the signal
// falls up to b = 2000 s/mm² and a margin beyond: D K < 3 / b.
inline constexpr double kLargestDk_um2_s = 3e6 / 2150;

// The model whose ADC from b = 0 and b = 1000 s/mm² is `adc_um2_s`, with this f and D*. K is lowered where D K would be
// too large. 0 < adc < 3000, f < 0.5.
DiffusionModel ModelWithAdc(double adc_um2_s, double perfusion_fraction, double pseudo_diffusion_um2_s,
                            double kurtosis);

}  // namespace parotis::phantom
