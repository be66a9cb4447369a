// Gadolinium in a tissue after the injection: the extended Tofts model (Tofts et al., JMRI 1999;10:223) behind the
// population's arterial input function of Parker et al. (MRM 2006;56:993), scaled so that a tissue's concentration at a
// stated time is what is wanted:
//   C(t) = A · [ (1 − w) · kep ∫ Cp(τ) e^{−kep (t − τ)} dτ + w · Cp(t) ],
// so that ve = A (1 − w), vp = A w and Ktrans = kep · ve. Times in s from the injection, concentrations in mmol/l.
#pragma once

#include <vector>

namespace parotis::phantom {

struct Kinetics {
  double kep_per_min = 0.5;      // exchange back from the interstitium
  double plasma_share = 0.03;    // w
  double delay_s = 0;            // of the bolus, against the artery of the input function
  double contrast_mmol_l = 0.3;  // at kReferenceTimeS
};

// When the concentration of a tissue is stated: about when T1-weighted images after contrast are taken.
inline constexpr double kReferenceTimeS = 240;

// Concentration in blood plasma of an artery; 0 before the injection.
double ArterialInput(double time_s);
// Concentration in the tissue at each of `times_s` (rising; negative: before the injection).
std::vector<double> ConcentrationAt(const Kinetics& kinetics, const std::vector<double>& times_s);

// What a curve of signal enhancement looks like, in 10-s frames up to five minutes after the injection, read over three
// frames each.
struct CurveShape {
  double time_to_peak_s = 0;   // from the injection
  double washout_percent = 0;  // (peak − 5 min) / (peak − before)
};

// Enhancement of a spoiled gradient echo, which saturates: S(C)/S(0) − 1 = r C / (1 + s C), to first order in TR/T1
// (from Haacke et al., Magnetic Resonance Imaging, 1999, ch. 18), with s = r1 TR / (TR/T1 + 1 − cos α) for TR 4.5 ms,
// flip angle 12°, T1 1350 ms, r1 4 l/(mmol·s).
inline constexpr double kSaturation_l_mmol = 0.71;
CurveShape ShapeOf(const Kinetics& kinetics);

// The kinetics whose curve comes nearest to `wanted`, with this concentration at kReferenceTimeS. Not every pair can be
// reached; wash-out counts more than time to peak.
Kinetics KineticsWith(const CurveShape& wanted, double contrast_mmol_l);

}  // namespace parotis::phantom
