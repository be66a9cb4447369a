#include "intake/log_linear.h"

#include <algorithm>
#include <cmath>

namespace parotis::intake {
namespace {

constexpr int kIterations = 4;  // further ones change less than rounding

// Weighted least squares of `y` on `x`; weights by index.
template <class Weight>
Decay FitLine(std::span<const double> x, std::span<const double> y, const Weight& weight) {
  double sum = 0;
  double mean_x = 0;
  double mean_y = 0;
  for (std::size_t n = 0; n < x.size(); ++n) {
    const double w = weight(n);
    sum += w;
    mean_x += w * x[n];
    mean_y += w * y[n];
  }
  mean_x /= sum;
  mean_y /= sum;
  double covariance = 0;
  double variance = 0;
  for (std::size_t n = 0; n < x.size(); ++n) {
    const double w = weight(n);
    covariance += w * (x[n] - mean_x) * (y[n] - mean_y);
    variance += w * (x[n] - mean_x) * (x[n] - mean_x);
  }
  const double slope = covariance / variance;
  return {mean_y - slope * mean_x, -slope};
}

}  // namespace

Decay FitOrdinary(std::span<const double> b_s_mm2, std::span<const double> log_signal) {
  return FitLine(b_s_mm2, log_signal, [](std::size_t) { return 1.0; });
}

Decay FitWeighted(std::span<const double> b_s_mm2, std::span<const double> log_signal) {
  // Relative to the strongest signal, so that nothing overflows.
  const double strongest = *std::max_element(log_signal.begin(), log_signal.end());
  Decay decay = FitLine(b_s_mm2, log_signal, [&](std::size_t n) { return std::exp(2 * (log_signal[n] - strongest)); });
  for (int i = 0; i < kIterations; ++i) {
    const double slope = decay.adc_mm2_s;
    decay = FitLine(b_s_mm2, log_signal,
                    [&](std::size_t n) { return std::exp(-2 * slope * (b_s_mm2[n] - b_s_mm2.front())); });
  }
  return decay;
}

double RelativeResidual(const Decay& decay, std::span<const double> b_s_mm2, std::span<const double> log_signal) {
  double sum = 0;
  for (std::size_t n = 0; n < b_s_mm2.size(); ++n) {
    const double measured = std::exp(log_signal[n] - decay.log_s0);
    const double predicted = std::exp(-b_s_mm2[n] * decay.adc_mm2_s);
    sum += (measured - predicted) * (measured - predicted);
  }
  return std::sqrt(sum / static_cast<double>(b_s_mm2.size()));
}

}  // namespace parotis::intake
