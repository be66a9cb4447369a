#include "physics/fitted_channels.h"

#include <algorithm>

#include "dataset/body_mask.h"
#include "maps/decay.h"
#include "maps/dynamic.h"
#include "maps/noise_floor.h"

namespace parotis::physics {
namespace {

using Channels = std::vector<std::pair<std::string, image::Volume>>;

void FitDecay(const Examination& examination, Channels& channels) {
  const std::vector<double>& b_values = examination.protocol.b_values_s_mm2;
  std::vector<const image::Volume*> traces;
  traces.reserve(b_values.size());
  for (const double b : b_values) traces.push_back(&examination.TraceAt(b));
  const image::LabelVolume body = dataset::BodyMask(*traces.front());
  maps::DecayOptions options;
  options.mask = &body;
  options.threads = 1;
  // Where an import looks for the noise: the highest b-value of its mono-exponential fit.
  const auto beyond = std::upper_bound(b_values.begin(), b_values.end(), maps::kHighestMonoExponentialB_s_mm2);
  const auto last = static_cast<std::size_t>(beyond - b_values.begin()) - 1;
  options.sigma = maps::NoiseFloor(*traces.front(), *traces[last]) / maps::kAirShows;
  maps::DecayMaps maps = maps::FitIvimKurtosis(traces, b_values, options);
  channels.emplace_back(dataset::kDiffusivity, std::move(maps.d_um2_s));
  channels.emplace_back(dataset::kPerfusionFraction, std::move(maps.perfusion));
  channels.emplace_back(dataset::kPseudoDiffusion, std::move(maps.dstar_um2_s));
  channels.emplace_back(dataset::kKurtosis, std::move(maps.kurtosis));
}

void FitDynamic(const DynamicSeries& series, Channels& channels) {
  std::vector<const image::Volume*> frames;
  image::Volume mean(series.frames.front().geometry);
  for (const image::Volume& frame : series.frames) {
    frames.push_back(&frame);
    for (std::size_t v = 0; v < mean.voxels.size(); ++v)
      mean.voxels[v] += frame.voxels[v] / static_cast<float>(series.frames.size());
  }
  const image::LabelVolume body = dataset::BodyMask(mean);
  maps::DynamicOptions options;
  options.mask = &body;
  options.threads = 1;
  maps::DynamicMaps maps = maps::FitDynamic(frames, series.times_s, options);
  channels.emplace_back(dataset::kWashIn, std::move(maps.wash_in_percent_s));
  channels.emplace_back(dataset::kTimeToPeak, std::move(maps.time_to_peak_s));
  channels.emplace_back(dataset::kWashOut, std::move(maps.wash_out_percent));
}

}  // namespace

std::vector<std::string> FittedChannels(ProtocolKind kind) {
  if (kind == ProtocolKind::kPaper) return {};
  return {dataset::kDiffusivity, dataset::kPerfusionFraction, dataset::kPseudoDiffusion, dataset::kKurtosis,
          dataset::kWashIn,      dataset::kTimeToPeak,        dataset::kWashOut};
}

std::vector<std::pair<std::string, image::Volume>> FitChannels(const Examination& examination) {
  Channels channels;
  if (!examination.dynamic) return channels;
  FitDecay(examination, channels);
  FitDynamic(*examination.dynamic, channels);
  return channels;
}

}  // namespace parotis::physics
