#include "physics/receive.h"

#include <cmath>
#include <numbers>

namespace parotis::physics {

double SensitivityAt(const ReceiveField& c, double u, double v, double w) {
  return 1 + c[0] * u + c[1] * v + c[2] * w + c[3] * u * u + c[4] * v * v + c[5] * w * w + c[6] * u * v + c[7] * u * w +
         c[8] * v * w;
}

double NoiseOfChannels(double sigma, int channels, base::Random& random) {
  // The square of each is exponential: their sum is the logarithm of a product of uniform variables.
  double product = 1;
  for (int channel = 0; channel < channels; ++channel) product *= 1 - random.Uniform();
  return sigma * std::sqrt(-2 * std::log(product));
}

double NoisyMagnitude(double signal, double sigma, int channels, base::Random& random) {
  // Both components of one Box–Muller draw.
  const double radius = NoiseOfChannels(sigma, 1, random);
  const double angle = 2 * std::numbers::pi * random.Uniform();
  const double value = std::hypot(signal + radius * std::cos(angle), radius * std::sin(angle));
  return channels > 1 ? std::hypot(value, NoiseOfChannels(sigma, channels - 1, random)) : value;
}

}  // namespace parotis::physics
