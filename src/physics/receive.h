// From complex slices to stored pixels: the coils' sensitivity, the magnitude of signal and noise, rounding.
#pragma once

#include <array>

#include "base/random.h"
#include "image/volume.h"
#include "physics/line_transform.h"

namespace parotis::physics {

inline constexpr double kLargestStored = 4095;  // 12 bits, as scanners store

// Sensitivity of the receiving coils: coefficients of u v w u² v² w² uv uw vw on [−1, 1]³ over the image.
using ReceiveField = std::array<double, 9>;
double SensitivityAt(const ReceiveField& field, double u, double v, double w);

struct Receiver {
  ReceiveField field = {};
  bool corrected = false;  // the scanner divides by the sensitivity, as far as it knows it, which makes noise uneven
  double sigma = 1;        // of the noise in each channel, in stored units
  // Channels whose squares are summed: 1 gives Rician noise (Gudbjartsson and Patz, MRM 1995;34:910), more a
  // non-central χ of twice as many degrees of freedom (Constantinides et al., MRM 1997;38:852).
  int channels = 1;
  // How much more noise parallel imaging leaves in the middle of the image than at its border: g = 1 + this there.
  double middle_noise = 0;
};

// Root of the summed squares of channels that hold noise only.
double NoiseOfChannels(double sigma, int channels, base::Random& random);
// Magnitude in such noise of a signal that one of the channels holds.
double NoisyMagnitude(double signal, double sigma, int channels, base::Random& random);

}  // namespace parotis::physics
