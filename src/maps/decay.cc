#include "maps/decay.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "base/parallel.h"
#include "maps/decay_voxel.h"
#include "maps/least_squares.h"

namespace parotis::maps {
namespace {

constexpr double kMilli = 1e-3;        // s/mm² → ms/µm²
constexpr double kUm2sPerUm2ms = 1e3;  // µm²/ms → µm²/s
constexpr double kUnweighted_s_mm2 = 10;
constexpr double kLeastSeenF = 0.01;
constexpr double kAirShows = 1.2533;  // √(π/2): the mean of magnitude noise without signal, in σ
constexpr double kAboveAir = 3;
constexpr std::int64_t kVoxelsAtOnce = 2048;

std::vector<double> Distinct(std::span<const double> b_values_s_mm2, double from, double to) {
  std::vector<double> sorted(b_values_s_mm2.begin(), b_values_s_mm2.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> distinct;
  for (const double b : sorted) {
    if (b < from || b > to || (!distinct.empty() && b - distinct.back() <= std::max(2.0, 0.02 * b))) continue;
    distinct.push_back(b);
  }
  return distinct;
}

// Both models with a fast part need the same below 200.
std::string FastPartNeeds(std::span<const double> b_values_s_mm2) {
  const std::vector<double> low = Distinct(b_values_s_mm2, 0, kPerfusionBelow_s_mm2 * (1 - 1e-9));
  if (low.empty() || low.front() > kUnweighted_s_mm2) return "needs an image at b 0 (up to 10 s/mm²)";
  if (low.size() < 2) return "needs two b-values below 200 s/mm², b 0 and one more, to see the perfusion";
  return "";
}

struct Range {
  double from_s_mm2;
  double to_s_mm2;
};

Range RangeOf(Model model) {
  if (model == Model::kIvim) return {0, kHighestIvimB_s_mm2 * 1.02};
  return {model == Model::kKurtosis ? kPerfusionBelow_s_mm2 : 0, kHighestKurtosisB_s_mm2 * 1.02};
}

// The measurements that enter, lowest b first.
struct Measured {
  std::vector<double> b;  // ms/µm²
  std::vector<const image::Volume*> volumes;
};

Measured MeasuredFor(Model model, const std::vector<const image::Volume*>& volumes, std::span<const double> b_s_mm2) {
  std::vector<std::size_t> order;
  const Range range = RangeOf(model);
  for (std::size_t n = 0; n < volumes.size(); ++n) {
    if (b_s_mm2[n] >= range.from_s_mm2 && b_s_mm2[n] <= range.to_s_mm2) order.push_back(n);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return b_s_mm2[a] < b_s_mm2[b]; });
  Measured measured;
  for (const std::size_t n : order) {
    measured.b.push_back(b_s_mm2[n] * kMilli);
    measured.volumes.push_back(volumes[n]);
  }
  return measured;
}

void Check(const std::vector<const image::Volume*>& volumes, std::span<const double> b_values_s_mm2,
           const std::string& needs, const char* map, const DecayOptions& options) {
  using base::ErrorKind;
  if (volumes.size() != b_values_s_mm2.size() || volumes.size() > kMostMeasurements) {
    base::Throw(ErrorKind::kInput, fmt::format("{} volumes and {} b-values: give one each, and at most {}",
                                               volumes.size(), b_values_s_mm2.size(), kMostMeasurements));
  }
  for (const double b : b_values_s_mm2) {
    if (!std::isfinite(b) || b < 0)
      base::Throw(ErrorKind::kInput, fmt::format("a b-value of {} s/mm² is none; correct the list of b-values", b));
  }
  if (!needs.empty()) base::Throw(ErrorKind::kInput, fmt::format("{} {}", map, needs));
  for (const image::Volume* volume : volumes) {
    if (!image::SameGrid(volume->geometry, volumes.front()->geometry))
      base::Throw(ErrorKind::kInput, fmt::format("{} needs volumes on one grid; resample them", map));
  }
  if (options.mask != nullptr && options.mask->voxels.size() != volumes.front()->voxels.size())
    base::Throw(ErrorKind::kInput, fmt::format("{} needs a mask on the volumes' grid; resample it", map));
}

DecayMaps EmptyMaps(Model model, const Measured& measured) {
  DecayMaps maps;
  const image::Geometry& grid = measured.volumes.front()->geometry;
  maps.s0 = maps.d_um2_s = maps.residual = image::Volume(grid);
  if (model != Model::kIvim) maps.kurtosis = image::Volume(grid);
  if (model != Model::kKurtosis) maps.perfusion = maps.dstar_um2_s = image::Volume(grid);
  maps.fitted = image::LabelVolume(grid);
  for (const double b : measured.b) maps.b_values_s_mm2.push_back(b / kMilli);
  return maps;
}

void Write(Model model, const VoxelDecay& values, double scale, std::size_t measurements, std::size_t at,
           DecayMaps& maps) {
  maps.fitted.voxels[at] = 1;
  maps.s0.voxels[at] = static_cast<float>(values.s0 * scale);
  maps.d_um2_s.voxels[at] = static_cast<float>(values.d * kUm2sPerUm2ms);
  const double mean_square = values.sum_of_squares / static_cast<double>(measurements);
  maps.residual.voxels[at] = values.s0 > 0 ? static_cast<float>(std::sqrt(mean_square) / values.s0) : 0;
  if (model != Model::kIvim) maps.kurtosis.voxels[at] = static_cast<float>(values.k);
  if (model == Model::kKurtosis) return;
  maps.perfusion.voxels[at] = static_cast<float>(values.f);
  if (values.f >= kLeastSeenF) maps.dstar_um2_s.voxels[at] = static_cast<float>(values.dstar * kUm2sPerUm2ms);
}

void FitVoxels(Model model, const Measured& measured, const DecayOptions& options, std::size_t first, std::size_t last,
               DecayMaps& maps) {
  std::array<double, kMostMeasurements> values;
  const std::size_t count = measured.b.size();
  const std::span<double> signal(values.data(), count);
  for (std::size_t at = first; at < last; ++at) {
    if (options.mask != nullptr && options.mask->voxels[at] == 0) continue;
    double strongest = 0;
    bool finite = true;
    for (std::size_t n = 0; n < count; ++n) {
      signal[n] = measured.volumes[n]->voxels[at];
      strongest = std::max(strongest, signal[n]);
      finite = finite && std::isfinite(signal[n]);
    }
    if (!finite || !(signal[0] > kAboveAir * kAirShows * options.sigma)) continue;
    for (double& value : signal) value /= strongest;
    Write(model, FitVoxel(model, measured.b, signal, options.sigma / strongest, options.hold_slow_part), strongest,
          count, at, maps);
  }
}

DecayMaps Fit(Model model, const std::vector<const image::Volume*>& volumes, std::span<const double> b_values_s_mm2,
              const DecayOptions& options) {
  const Measured measured = MeasuredFor(model, volumes, b_values_s_mm2);
  DecayMaps maps = EmptyMaps(model, measured);
  const auto voxels = static_cast<std::int64_t>(maps.s0.voxels.size());
  base::ParallelFor((voxels + kVoxelsAtOnce - 1) / kVoxelsAtOnce, options.threads, [&](std::int64_t part) {
    const std::int64_t first = part * kVoxelsAtOnce;
    const std::int64_t last = std::min(first + kVoxelsAtOnce, voxels);
    FitVoxels(model, measured, options, static_cast<std::size_t>(first), static_cast<std::size_t>(last), maps);
  });
  return maps;
}

}  // namespace

std::string IvimNeeds(std::span<const double> b_values_s_mm2) {
  std::string needs = FastPartNeeds(b_values_s_mm2);
  const Range range = RangeOf(Model::kIvim);
  if (needs.empty() && Distinct(b_values_s_mm2, kPerfusionBelow_s_mm2, range.to_s_mm2).size() < 2)
    needs = "needs two b-values from 200 to 1000 s/mm², to see the diffusion without the perfusion";
  return needs;
}

std::string KurtosisNeeds(std::span<const double> b_values_s_mm2) {
  const Range range = RangeOf(Model::kKurtosis);
  const std::vector<double> high = Distinct(b_values_s_mm2, range.from_s_mm2, range.to_s_mm2);
  if (high.size() < 3) return "needs three b-values from 200 to 2500 s/mm²";
  if (high.back() < kLeastKurtosisB_s_mm2 * 0.98) return "needs a b-value of 1500 s/mm² or more";
  return "";
}

std::string IvimKurtosisNeeds(std::span<const double> b_values_s_mm2) {
  const std::string needs = FastPartNeeds(b_values_s_mm2);
  return needs.empty() ? KurtosisNeeds(b_values_s_mm2) : needs;
}

DecayMaps FitIvim(const std::vector<const image::Volume*>& volumes, std::span<const double> b_values_s_mm2,
                  const DecayOptions& options) {
  Check(volumes, b_values_s_mm2, IvimNeeds(b_values_s_mm2), "a perfusion map (IVIM)", options);
  return Fit(Model::kIvim, volumes, b_values_s_mm2, options);
}

DecayMaps FitKurtosis(const std::vector<const image::Volume*>& volumes, std::span<const double> b_values_s_mm2,
                      const DecayOptions& options) {
  Check(volumes, b_values_s_mm2, KurtosisNeeds(b_values_s_mm2), "a map of kurtosis", options);
  return Fit(Model::kKurtosis, volumes, b_values_s_mm2, options);
}

DecayMaps FitIvimKurtosis(const std::vector<const image::Volume*>& volumes, std::span<const double> b_values_s_mm2,
                          const DecayOptions& options) {
  Check(volumes, b_values_s_mm2, IvimKurtosisNeeds(b_values_s_mm2), "a map of perfusion and kurtosis", options);
  return Fit(Model::kIvimKurtosis, volumes, b_values_s_mm2, options);
}

}  // namespace parotis::maps
