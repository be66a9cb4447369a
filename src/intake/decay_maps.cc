#include "intake/decay_maps.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>

#include "base/error.h"
#include "dataset/body_mask.h"
#include "dataset/case.h"
#include "image/threshold.h"
#include "intake/fitted_maps.h"
#include "maps/noise_floor.h"

namespace parotis::intake {
namespace {

const maps::DecayMaps& MapsFor(const std::string& channel, const FittedDecay& fitted) {
  const bool slow = channel == dataset::kKurtosis || channel == dataset::kDiffusivity;
  if (slow && fitted.kurtosis) return *fitted.kurtosis;
  if (!fitted.perfusion)
    base::Throw(base::ErrorKind::kInternal, "channel " + channel + " was promised, but not fitted");
  return *fitted.perfusion;
}

const image::Volume& MapOf(const std::string& channel, const maps::DecayMaps& maps) {
  if (channel == dataset::kPerfusionFraction) return maps.perfusion;
  if (channel == dataset::kPseudoDiffusion) return maps.dstar_um2_s;
  return channel == dataset::kKurtosis ? maps.kurtosis : maps.d_um2_s;
}

std::string ModelOf(const maps::DecayMaps& maps) {
  if (maps.kurtosis.voxels.empty()) return "perfusion and diffusion (IVIM)";
  return maps.perfusion.voxels.empty() ? "diffusion with kurtosis" : "perfusion, diffusion and kurtosis";
}

}  // namespace

FittedDecay FitDecay(const DiffusionImages& images) {
  std::vector<const image::Volume*> volumes;
  std::vector<double> b_values;
  for (const WeightedVolume& each : images.trace_weighted) {
    volumes.push_back(&each.volume);
    b_values.push_back(each.b_value_s_mm2);
  }
  FittedDecay fitted;
  fitted.sigma = images.fit ? images.fit->noise_floor / maps::kAirShows : 0;
  const image::LabelVolume body = dataset::BodyMask(*volumes.front());
  maps::DecayOptions options;
  options.sigma = fitted.sigma;
  options.mask = &body;
  if (maps::IvimKurtosisNeeds(b_values).empty()) {
    fitted.perfusion = maps::FitIvimKurtosis(volumes, b_values, options);
    return fitted;
  }
  if (maps::IvimNeeds(b_values).empty()) fitted.perfusion = maps::FitIvim(volumes, b_values, options);
  if (maps::KurtosisNeeds(b_values).empty()) fitted.kurtosis = maps::FitKurtosis(volumes, b_values, options);
  return fitted;
}

MadeChannel MakeDecayMap(const std::string& channel, const StudyRoles& roles, const FittedDecay& fitted) {
  const maps::DecayMaps& maps = MapsFor(channel, fitted);
  MadeChannel made;
  made.volume = MapOf(channel, maps);
  made.series = roles.diffusion.front().series;
  made.derived = true;
  made.b_values_s_mm2 = maps.b_values_s_mm2;
  const std::string model = ModelOf(maps);
  made.how = fmt::format("fitted: {}, b {:.0f} s/mm²", model, fmt::join(maps.b_values_s_mm2, ", "));
  const FitQuality quality = QualityOf(maps.residual, maps.fitted);
  made.fit = {{"model", model},
              {"noise_sigma", fitted.sigma},
              {"voxels", quality.voxels},
              {"residual_median", quality.residual_median}};
  FlagPoorFit(channel, quality, made);
  return made;
}

}  // namespace parotis::intake
