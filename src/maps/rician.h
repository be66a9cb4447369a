// What a magnitude image shows on average where noise is no longer small beside the signal: the mean of Rice's
// distribution. A fit whose prediction is this mean needs no measurement to be left out at the noise floor.
#pragma once

namespace parotis::maps {

struct RicianMean {
  double mean = 0;   // E[M] / σ
  double slope = 0;  // dE[M]/dS
};

// For the true signal `signal_over_sigma` ≥ 0: √(π/2) · L½(−θ²/2) (Koay and Basser, J Magn Reson 2006;179:317), from a
// table; the error is below 1e-6. From 12 on the first terms of its asymptotic series.
RicianMean MeanOfRice(double signal_over_sigma);

}  // namespace parotis::maps
