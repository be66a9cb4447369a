// The signal equations, and tables of them for a patient's tissues. Times in ms, ADC in µm²/s, b in s/mm²,
// gadolinium in mmol/l.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "phantom/texture.h"
#include "phantom/tissue.h"

namespace parotis::physics {

// (1 − e^{−TR/T1}) e^{−TE/T2}: spin echo with TE ≪ TR (Haacke et al., Magnetic Resonance Imaging, 1999, ch. 8).
double SpinEcho(double t1_ms, double t2_ms, double tr_ms, double te_ms);
// e^{−b·ADC} (Stejskal and Tanner 1965).
double DiffusionDecay(double b_s_mm2, double adc_um2_s);
// 1/T' = 1/T + r·C, with r in l/(mmol·s).
double RelaxedByContrast(double t_ms, double relaxivity, double contrast_mmol_l);
// Relaxivities of a macrocyclic agent in tissue [r].
inline constexpr double kR1 = 4.0;
inline constexpr double kR2 = 5.5;

// ADC in µm²/s from two signals; 0 where the signals do not allow it (not positive), never negative.
double AdcFrom(double s_low, double s_high, double b_low_s_mm2, double b_high_s_mm2);

// Magnitude of `signal` in complex Gaussian noise: Rician (Gudbjartsson and Patz 1995).
double AddRicianNoise(double signal, double sigma, base::Random& random);

struct Sequence {
  double tr_ms = 4000;
  double te_ms = 90;
  double fat_left = 1;      // fraction of the fat's signal that suppression leaves
  bool echo_train = false;  // fast spin echo: fat looks brighter
  bool contrast = false;    // after injection
};

// Signal of every tissue as a function of the two texture fields, which are stored in 8 bits:
//   S = water[t][a] · decay[t][b] + fat[t][a] · fat_decay.
struct SignalTables {
  using Row = std::array<float, 256>;
  std::vector<Row> water, fat, decay;
  float fat_decay = 1;

  float At(std::uint8_t tissue, std::uint8_t texture_a, std::uint8_t texture_b) const {
    return water[tissue][texture_a] * decay[tissue][texture_b] + fat[tissue][texture_a] * fat_decay;
  }
};
SignalTables MakeTables(const std::vector<phantom::Tissue>& tissues, const phantom::Fat& fat, const Sequence& sequence,
                        double b_s_mm2);

}  // namespace parotis::physics
