#include "maps/decay_voxel.h"

#include <algorithm>

#include "maps/decay_models.h"
#include "maps/decay_start.h"

namespace parotis::maps {
namespace {

constexpr double kMostS0 = 20;  // of the voxel's strongest signal: a fit without b = 0 extrapolates
constexpr double kMostF = 0.6;
constexpr double kMostD = 3.5;
constexpr double kLeastDstar = 4;
constexpr double kMostDstar = 120;
constexpr double kMostK = 3;

double KurtosisOf(double d, double dk) { return d > 0 ? std::min(kMostK, dk / d) : 0; }

// The largest D·K with which the signal falls up to the highest b-value.
double MostDk(std::span<const double> b) { return 3 / b.back(); }

// S₀, D and D·K from b ≥ 0.2 ms/µm²; D·K is 0 without kurtosis.
Solution<3> FitSlowPart(std::span<const double> b, std::span<const double> signal, double sigma, bool with_kurtosis) {
  const SlowPart start = StartOfSlowPart(b, signal, sigma, with_kurtosis);
  const auto first = static_cast<std::size_t>(std::find_if(b.begin(), b.end(), IsSlow) - b.begin());
  return FitWithin<3>(KurtosisModel{b.subspan(first), sigma}, signal.subspan(first), {start.s0, start.d, start.dk},
                      {{0, 0, 0}, {kMostS0, kMostD, with_kurtosis ? MostDk(b) : 0}});
}

}  // namespace

VoxelDecay FitVoxel(Model model, std::span<const double> b, std::span<const double> signal, double sigma,
                    bool hold_slow_part) {
  const bool with_kurtosis = model != Model::kIvim;
  const auto [slow, misfit] = FitSlowPart(b, signal, sigma, with_kurtosis);
  const auto& [slow_s0, d, dk] = slow;
  if (model == Model::kKurtosis) return {slow_s0, d, KurtosisOf(d, dk), 0, 0, misfit};
  const FastPart fast = StartOfFastPart(b, signal, {slow_s0, d, dk});
  const Bounds<5> bounds = {
      {0, 0, hold_slow_part ? d : 0, kLeastDstar, hold_slow_part ? dk : 0},
      {kMostS0, kMostF, hold_slow_part ? d : kMostD, kMostDstar, hold_slow_part || !with_kurtosis ? dk : MostDk(b)}};
  const auto found = FitWithin<5>(IvimKurtosisModel{b, sigma}, signal, {fast.s0, fast.f, d, fast.dstar, dk}, bounds);
  const auto& [s0, f, whole_d, dstar, whole_dk] = found.parameters;
  return {s0, whole_d, KurtosisOf(whole_d, whole_dk), f, dstar, found.sum_of_squares};
}

}  // namespace parotis::maps
