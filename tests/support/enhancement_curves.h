// Contrast-enhanced signals over time whose pharmacokinetics are known: the population's arterial input (Parker et al.,
// Magn Reson Med 2006;56:993), the extended model of Tofts (J Magn Reson Imaging 1997;7:91), and the spoiled gradient
// echo's signal.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "base/random.h"
#include "image/volume.h"

namespace parotis::test {

// mM, t in minutes since the arrival.
inline double ArterialInput(double t_min) {
  if (t_min <= 0) return 0;
  const auto bell = [&](double area, double centre, double width) {
    const double x = (t_min - centre) / width;
    return area / (width * std::sqrt(2 * std::numbers::pi)) * std::exp(-x * x / 2);
  };
  return bell(0.809, 0.17046, 0.0563) + bell(0.330, 0.365, 0.132) +
         1.050 * std::exp(-0.1685 * t_min) / (1 + std::exp(-38.078 * (t_min - 0.483)));
}

struct Kinetics {
  double transfer_per_min = 0.2;  // Ktrans
  double extracellular = 0.3;     // ve
  double plasma = 0.03;           // vp
};

inline constexpr double kFine_s = 0.5;

// Relative enhancement every 0.5 s from the arrival on, the input spread by 10 s on its way (exponentially).
inline std::vector<double> Enhancement(const Kinetics& kinetics, double duration_s) {
  const auto count = static_cast<std::size_t>(duration_s / kFine_s) + 1;
  const double back = kinetics.transfer_per_min / kinetics.extracellular * kFine_s / 60;
  std::vector<double> enhancement;
  double input = 0, outside = 0;
  const auto signal = [](double concentration) {
    constexpr double kTr_s = 0.0045, kFlip = 15 * std::numbers::pi / 180, kRelaxivity = 4.5, kT1_s = 1.3;
    const double e = std::exp(-kTr_s * (1 / kT1_s + kRelaxivity * concentration));
    return (1 - e) / (1 - std::cos(kFlip) * e);
  };
  for (std::size_t n = 0; n < count; ++n) {
    const double t_s = static_cast<double>(n) * kFine_s;
    input += (ArterialInput(t_s / 60) - input) * (1 - std::exp(-kFine_s / 10));
    outside += kinetics.transfer_per_min * input * kFine_s / 60 - outside * back;
    enhancement.push_back(signal(kinetics.plasma * input + outside) / signal(0) - 1);
  }
  return enhancement;
}

struct CurveFacts {
  double peak = 0, time_to_peak_s = 0, wash_out_percent = 0, wash_in_percent_s = 0;
};

inline CurveFacts FactsOf(const std::vector<double>& enhancement) {
  const auto top = std::max_element(enhancement.begin(), enhancement.end());
  CurveFacts facts{*top, static_cast<double>(top - enhancement.begin()) * kFine_s, 0, 0};
  const auto five_minutes = static_cast<std::size_t>(300 / kFine_s);
  if (facts.time_to_peak_s < 300) facts.wash_out_percent = 100 * (*top - enhancement.at(five_minutes)) / *top;
  for (auto at = enhancement.begin(); at + 1 <= top; ++at)
    facts.wash_in_percent_s = std::max(facts.wash_in_percent_s, 100 * (at[1] - at[0]) / kFine_s);
  return facts;
}

// The mean over each frame, which begins at its time.
inline std::vector<double> FramesOf(const std::vector<double>& enhancement, const std::vector<double>& times_s,
                                    double frame_s, double arrival_s) {
  std::vector<double> frames;
  for (const double time : times_s) {
    double sum = 0;
    int count = 0;
    for (double t = time; t < time + frame_s; t += kFine_s, ++count) {
      const double since = t - arrival_s;
      const auto at = static_cast<std::size_t>(std::max(0.0, since) / kFine_s);
      sum += since <= 0 ? 0 : enhancement[std::min(at, enhancement.size() - 1)];
    }
    frames.push_back(sum / count);
  }
  return frames;
}

struct NamedKinetics {
  const char* name;
  Kinetics kinetics;
};
// Chosen so that time to peak and wash-out are those published for the tumours (58 s and 44 %, 160 s and 5 %, 118 s and
// 12 %, about), plus a very fast and a steadily rising one.
inline const std::vector<NamedKinetics> kCurves = {
    {"fast, strong wash-out", {0.6, 0.30, 0.02}}, {"fast, wash-out", {0.35, 0.25, 0.02}},
    {"intermediate", {0.2, 0.30, 0.03}},          {"slow plateau", {0.15, 0.35, 0.015}},
    {"steady rise", {0.064, 0.354, 0.013}},
};

}  // namespace parotis::test
