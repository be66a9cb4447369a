// The signal equations, and tables of them for a patient's tissues. Times in ms, b in s/mm², gadolinium in mmol/l.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "phantom/texture.h"
#include "phantom/tissue.h"
#include "physics/sequence.h"

namespace parotis::physics {

// (1 − e^{−TR/T1}) e^{−TE/T2}: spin echo with TE ≪ TR (Haacke et al., Magnetic Resonance Imaging, 1999, ch. 8).
double SpinEcho(double t1_ms, double t2_ms, double tr_ms, double te_ms);
// sin α (1 − E1)/(1 − E1 cos α) · e^{−TE/T2*}, E1 = e^{−TR/T1}: spoiled gradient echo in its steady state (the same,
// ch. 18).
double SpoiledGradientEcho(double t1_ms, double t2_star_ms, double tr_ms, double te_ms, double flip_deg);
// 1/T' = 1/T + r·C, with r in l/(mmol·s).
double RelaxedByContrast(double t_ms, double relaxivity, double contrast_mmol_l);
// Relaxivities of a macrocyclic agent in tissue [r].
inline constexpr double kR1 = 4.0;
inline constexpr double kR2 = 5.5;
// Share of T2 that T2* is in tissue away from air, at 3 T and 1.5 T [p].
double StarShare(phantom::FieldStrength field);

// ADC in µm²/s from two signals; 0 where the signals do not allow it (not positive), never negative.
double AdcFrom(double s_low, double s_high, double b_low_s_mm2, double b_high_s_mm2);

// Signal of every tissue as a function of the two texture fields, which are stored in 8 bits:
//   water W = water[t][a] · decay[t][b], fat F = fat[t][a] · fat_decay (suppression is not in it).
struct SignalTables {
  using Row = std::array<float, 256>;
  std::vector<Row> water, fat, decay;
  float fat_decay = 1;
  // Share of a tissue's water signal that decays slowly along an echo train (physics/readout.h).
  std::vector<float> slow;
};
SignalTables MakeTables(const std::vector<phantom::Tissue>& tissues, phantom::FieldStrength field,
                        const Sequence& sequence, double b_s_mm2);

// Two decay times that together follow any T2 along an echo train: e^{−t/T2} ≈ (1 − w) e^{−t/short} + w e^{−t/long}.
inline constexpr double kShortT2Ms = 45;
inline constexpr double kLongT2Ms = 220;
// The w that is right at t = 40 ms.
double SlowShare(double t2_ms);

}  // namespace parotis::physics
