#include "intake/adc.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include "base/error.h"
#include "base/parallel.h"
#include "image/threshold.h"
#include "intake/diffusion_set.h"
#include "intake/log_linear.h"
#include "maps/noise_floor.h"

namespace parotis::intake {
namespace {

constexpr double kUm2PerMm2 = 1e6;
// Rayleigh-distributed air reaches three times its mean in fewer than 1 of 1000 voxels.
constexpr double kAir = 3;

image::Volume ArithmeticMean(const std::vector<const image::Volume*>& volumes) {
  image::Volume mean = *volumes.front();
  for (std::size_t n = 0; n < mean.voxels.size(); ++n) {
    double sum = 0;
    for (const image::Volume* volume : volumes) sum += volume->voxels[n];
    mean.voxels[n] = static_cast<float>(sum / static_cast<double>(volumes.size()));
  }
  return mean;
}

// Zero where any direction has no signal.
image::Volume GeometricMean(const std::vector<image::Volume>& volumes) {
  image::Volume mean = volumes.front();
  for (std::size_t n = 0; n < mean.voxels.size(); ++n) {
    double sum = 0;
    bool positive = true;
    for (const image::Volume& volume : volumes) {
      positive = positive && volume.voxels[n] > 0;
      if (positive) sum += std::log(static_cast<double>(volume.voxels[n]));
    }
    mean.voxels[n] = positive ? static_cast<float>(std::exp(sum / static_cast<double>(volumes.size()))) : 0.0F;
  }
  return mean;
}

// Volumes of one b-value.
WeightedVolume Combine(const std::vector<const WeightedVolume*>& members) {
  const bool any_trace = std::any_of(members.begin(), members.end(), [](const WeightedVolume* v) { return v->trace; });
  std::map<std::string, std::vector<const image::Volume*>> by_direction;
  double b_sum = 0;
  for (const WeightedVolume* member : members) {
    b_sum += member->b_value_s_mm2;
    if (!any_trace || member->trace)
      by_direction[member->trace ? "" : member->direction_key].push_back(&member->volume);
  }
  std::vector<image::Volume> directions;
  directions.reserve(by_direction.size());
  for (const auto& [key, repetitions] : by_direction) directions.push_back(ArithmeticMean(repetitions));
  return {b_sum / static_cast<double>(members.size()), "", true,
          directions.size() == 1 ? std::move(directions.front()) : GeometricMean(directions)};
}

std::vector<const WeightedVolume*> UsedForFit(const std::vector<WeightedVolume>& volumes) {
  std::vector<const WeightedVolume*> used;
  for (const WeightedVolume& each : volumes) {
    if (each.b_value_s_mm2 <= maps::kHighestMonoExponentialB_s_mm2 || used.size() < 2) used.push_back(&each);
  }
  return used;
}

// One voxel's measurements, low b first.
class VoxelFit {
 public:
  void Clear() {
    b_.clear();
    log_signal_.clear();
    dropped_b_.clear();
    dropped_log_signal_.clear();
    sum_ = 0;
  }
  void Add(double b_value_s_mm2, double signal, double noise_floor) {
    sum_ += std::max(0.0, signal);
    if (signal <= 0) return;
    const bool lost = signal <= noise_floor;
    (lost ? dropped_b_ : b_).push_back(b_value_s_mm2);
    (lost ? dropped_log_signal_ : log_signal_).push_back(std::log(signal));
  }
  // Measurements at the noise floor come back while there are fewer than two others. False when even that is too few.
  bool Complete() {
    for (std::size_t n = 0; n < dropped_b_.size() && b_.size() < 2; ++n) {
      b_.push_back(dropped_b_[n]);
      log_signal_.push_back(dropped_log_signal_[n]);
    }
    return b_.size() >= 2;
  }
  double sum() const { return sum_; }
  const std::vector<double>& b_s_mm2() const { return b_; }
  const std::vector<double>& log_signal() const { return log_signal_; }

 private:
  std::vector<double> b_, log_signal_, dropped_b_, dropped_log_signal_;
  double sum_ = 0;
};

void FitSlice(const std::vector<const WeightedVolume*>& used, std::int64_t slice, DiffusionFit& fit) {
  const std::int64_t per_slice = fit.s0.geometry.size[0] * fit.s0.geometry.size[1];
  VoxelFit voxel;
  for (std::int64_t n = slice * per_slice; n < (slice + 1) * per_slice; ++n) {
    const auto at = static_cast<std::size_t>(n);
    voxel.Clear();
    for (const WeightedVolume* each : used) voxel.Add(each->b_value_s_mm2, each->volume.voxels[at], fit.noise_floor);
    const bool is_air = used.front()->volume.voxels[at] <= kAir * fit.noise_floor;
    const bool solvable = !is_air && voxel.Complete();
    const Decay decay = solvable ? FitOrdinary(voxel.b_s_mm2(), voxel.log_signal()) : Decay();
    if (!solvable || decay.adc_mm2_s < 0) {
      fit.s0.voxels[at] = static_cast<float>(voxel.sum() / static_cast<double>(used.size()));
      continue;
    }
    const Decay weighted = FitWeighted(voxel.b_s_mm2(), voxel.log_signal());
    fit.adc_um2_s.voxels[at] = static_cast<float>(decay.adc_mm2_s * kUm2PerMm2);
    fit.adc_weighted_um2_s.voxels[at] = static_cast<float>(std::max(0.0, weighted.adc_mm2_s) * kUm2PerMm2);
    fit.s0.voxels[at] = static_cast<float>(std::exp(decay.log_s0));
    fit.residual.voxels[at] = static_cast<float>(RelativeResidual(decay, voxel.b_s_mm2(), voxel.log_signal()));
  }
}

double FractionAtFloor(const WeightedVolume& lowest, const WeightedVolume& highest, double floor) {
  const float body = BodyThreshold(lowest.volume);
  std::int64_t inside = 0;
  std::int64_t lost = 0;
  for (std::size_t n = 0; n < lowest.volume.voxels.size(); ++n) {
    if (lowest.volume.voxels[n] <= body) continue;
    ++inside;
    if (highest.volume.voxels[n] <= floor) ++lost;
  }
  return inside == 0 ? 0 : static_cast<double>(lost) / static_cast<double>(inside);
}

}  // namespace

float BodyThreshold(const image::Volume& unweighted) {
  const std::array<double, 1> nearly_all = {0.995};
  const float highest = image::Quantiles(unweighted.voxels, nearly_all).front();
  std::vector<float> clipped = unweighted.voxels;
  for (float& value : clipped) value = std::min(value, highest);
  return image::OtsuThreshold(clipped);
}

std::vector<WeightedVolume> TraceWeighted(const std::vector<WeightedVolume>& volumes) {
  std::vector<const WeightedVolume*> ordered;
  ordered.reserve(volumes.size());
  for (const WeightedVolume& volume : volumes) ordered.push_back(&volume);
  std::stable_sort(ordered.begin(), ordered.end(), [](const WeightedVolume* a, const WeightedVolume* b) {
    return a->b_value_s_mm2 < b->b_value_s_mm2;
  });
  std::vector<WeightedVolume> combined;
  for (auto first = ordered.begin(); first != ordered.end();) {
    const auto last = std::find_if(first, ordered.end(), [&](const WeightedVolume* each) {
      return !SameBValue((*first)->b_value_s_mm2, each->b_value_s_mm2);
    });
    combined.push_back(Combine({first, last}));
    first = last;
  }
  return combined;
}

DiffusionFit FitDiffusion(const std::vector<WeightedVolume>& trace_weighted) {
  const std::vector<const WeightedVolume*> used = UsedForFit(trace_weighted);
  if (used.size() < 2) {
    base::Throw(base::ErrorKind::kInput, "an ADC needs images of at least two b-values; add the missing series");
  }
  DiffusionFit fit;
  for (const WeightedVolume* each : used) fit.b_values_s_mm2.push_back(each->b_value_s_mm2);
  fit.adc_um2_s = image::Volume(used.front()->volume.geometry);
  fit.s0 = fit.adc_weighted_um2_s = fit.residual = fit.adc_um2_s;
  fit.noise_floor = maps::NoiseFloor(used.front()->volume, used.back()->volume);
  fit.fraction_at_noise_floor = FractionAtFloor(*used.front(), *used.back(), fit.noise_floor);
  base::ParallelFor(fit.s0.geometry.size[2], 0, [&](std::int64_t slice) { FitSlice(used, slice, fit); });
  return fit;
}

image::Volume SignalAt(const DiffusionFit& fit, double b_value_s_mm2) {
  image::Volume signal = fit.s0;
  for (std::size_t n = 0; n < signal.voxels.size(); ++n) {
    signal.voxels[n] *= static_cast<float>(std::exp(-b_value_s_mm2 * fit.adc_um2_s.voxels[n] / kUm2PerMm2));
  }
  return signal;
}

}  // namespace parotis::intake
