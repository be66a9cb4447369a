#include "phantom/kinetics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace parotis::phantom {
namespace {

constexpr double kStepS = 1;
constexpr int kFrames = 30;
constexpr double kFrameS = 10;
constexpr double kLastS = kFrames * kFrameS;

// Of the search: kep per minute, share of plasma, delay. Published vp / (vp + ve) of salivary tumours is 0.04 to 0.1; a
// larger share lets the first pass stand out as a peak of its own, which no published curve shows.
struct Bounds {
  double low, high;
};
constexpr std::array<Bounds, 3> kBounds = {{{0.02, 15}, {0, 0.06}, {0, 40}}};
// What counts as an equal miss: 4 % of wash-out, 30 s of the time to peak, 60 s of delay.
constexpr double kMissWashout = 4;
constexpr double kMissTimeS = 30;
constexpr double kMissDelayS = 60;

// The tissue's response on a grid of kStepS from the bolus' arrival, for A = 1.
std::vector<double> Response(double kep_per_min, double plasma_share, double until_s) {
  const auto steps = static_cast<std::size_t>(std::max(0.0, std::ceil(until_s / kStepS))) + 2;
  const double decay = std::exp(-kep_per_min / 60 * kStepS);
  std::vector<double> response(steps, 0.0);
  double interstitium = 0, before = 0;
  for (std::size_t n = 0; n < steps; ++n) {
    const double plasma = ArterialInput(static_cast<double>(n) * kStepS);
    // Exact for a plasma concentration that is constant over the step.
    if (n > 0) interstitium = interstitium * decay + 0.5 * (before + plasma) * (1 - decay);
    response[n] = (1 - plasma_share) * interstitium + plasma_share * plasma;
    before = plasma;
  }
  return response;
}

double Interpolated(const std::vector<double>& response, double time_s) {
  if (time_s <= 0) return 0;
  const double at = time_s / kStepS;
  const auto n = std::min(static_cast<std::size_t>(at), response.size() - 2);
  const double way = std::min(1.0, at - static_cast<double>(n));
  return response[n] + way * (response[n + 1] - response[n]);
}

// The vertex of the parabola through a highest frame and its neighbours.
double PeakTime(const std::array<double, kFrames>& frames, int highest) {
  const double centre_s = (highest + 0.5) * kFrameS;
  if (highest == 0 || highest == kFrames - 1) return centre_s;
  const double left = frames[highest - 1], middle = frames[highest], right = frames[highest + 1];
  const double bend = left - 2 * middle + right;
  return bend < 0 ? centre_s + 0.5 * kFrameS * (left - right) / bend : centre_s;
}

// Mean over three frames: the first pass of the bolus, half as long, is no peak.
void Smooth(std::array<double, kFrames>& frames) {
  const std::array<double, kFrames> raw = frames;
  for (int n = 1; n + 1 < kFrames; ++n) frames[n] = (raw[n - 1] + raw[n] + raw[n + 1]) / 3;
}

double Miss(const Kinetics& kinetics, const CurveShape& wanted) {
  const CurveShape shape = ShapeOf(kinetics);
  return std::pow((shape.washout_percent - wanted.washout_percent) / kMissWashout, 2) +
         std::pow((shape.time_to_peak_s - wanted.time_to_peak_s) / kMissTimeS, 2) +
         std::pow(kinetics.delay_s / kMissDelayS, 2);
}

Kinetics From(const std::array<double, 3>& point, double contrast_mmol_l) {
  return {point[0], point[1], point[2], contrast_mmol_l};
}

}  // namespace

double ArterialInput(double time_s) {
  if (time_s < 0) return 0;
  // Parker et al. 2006, table 1: areas in mmol·min/l, times in min.
  constexpr double area[] = {0.809, 0.330}, centre[] = {0.17046, 0.365}, width[] = {0.0563, 0.132};
  constexpr double alpha = 1.050, beta = 0.1685, slope = 38.078, middle = 0.483;
  const double t = time_s / 60;
  double blood = alpha * std::exp(-beta * t) / (1 + std::exp(-slope * (t - middle)));
  for (int n = 0; n < 2; ++n) {
    const double distance = (t - centre[n]) / width[n];
    blood += area[n] / (width[n] * std::sqrt(2 * std::numbers::pi)) * std::exp(-0.5 * distance * distance);
  }
  constexpr double haematocrit = 0.42;
  return blood / (1 - haematocrit);
}

std::vector<double> ConcentrationAt(const Kinetics& kinetics, const std::vector<double>& times_s) {
  const double last_s = times_s.empty() ? 0 : std::max(times_s.back(), kReferenceTimeS);
  const std::vector<double> response = Response(kinetics.kep_per_min, kinetics.plasma_share, last_s);
  const double scale = kinetics.contrast_mmol_l / Interpolated(response, kReferenceTimeS - kinetics.delay_s);
  std::vector<double> concentrations;
  concentrations.reserve(times_s.size());
  for (const double time_s : times_s)
    concentrations.push_back(scale * Interpolated(response, time_s - kinetics.delay_s));
  return concentrations;
}

CurveShape ShapeOf(const Kinetics& kinetics) {
  constexpr int kParts = 5;  // of a frame
  std::vector<double> times_s;
  for (int n = 0; n < kFrames * kParts; ++n) times_s.push_back((n + 0.5) * kFrameS / kParts);
  times_s.push_back(kLastS);
  const std::vector<double> concentrations = ConcentrationAt(kinetics, times_s);
  std::array<double, kFrames> frames{};
  for (int n = 0; n < kFrames * kParts; ++n) {
    const double c = concentrations[static_cast<std::size_t>(n)];
    frames[static_cast<std::size_t>(n / kParts)] += c / (1 + kSaturation_l_mmol * c) / kParts;
  }
  Smooth(frames);
  const auto highest = static_cast<int>(std::max_element(frames.begin(), frames.end()) - frames.begin());
  const double peak = frames[static_cast<std::size_t>(highest)];
  return {PeakTime(frames, highest), peak > 0 ? 100 * (peak - frames.back()) / peak : 0};
}

Kinetics KineticsWith(const CurveShape& wanted, double contrast_mmol_l) {
  // From the best of a coarse grid, steps that are halved whenever none of them helps.
  std::array<double, 3> best{};
  double least = 1e300;
  for (const double kep : {0.05, 0.15, 0.4, 0.8, 1.5, 3.0, 6.0}) {
    for (const double share : {0.01, 0.04}) {
      const double miss = Miss(From({kep, share, 5}, contrast_mmol_l), wanted);
      if (miss < least) least = miss, best = {kep, share, 5};
    }
  }
  for (double step = 1; step > 0.02; step /= 2) {
    for (bool better = true; better;) {
      better = false;
      for (int axis = 0; axis < 3; ++axis) {
        for (const double sign : {-1.0, 1.0}) {
          std::array<double, 3> point = best;
          if (axis == 0) point[0] *= std::exp(sign * step);
          if (axis == 1) point[1] += sign * 0.05 * step;
          if (axis == 2) point[2] += sign * 10 * step;
          point[axis] = std::clamp(point[axis], kBounds[axis].low, kBounds[axis].high);
          const double miss = Miss(From(point, contrast_mmol_l), wanted);
          if (miss < least - 1e-6) least = miss, best = point, better = true;
        }
      }
    }
  }
  return From(best, contrast_mmol_l);
}

}  // namespace parotis::phantom
