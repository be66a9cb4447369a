#include "intake/diffusion_channels.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"
#include "dataset/case.h"
#include "dicom/pixels.h"
#include "intake/diffusion_set.h"
#include "intake/vendor_adc.h"

namespace parotis::intake {
namespace {

using dicom::Series;
using dicom::Study;

constexpr double kWorryingFraction = 0.05;  // of the body at the noise floor
constexpr double kWorryingCorrelation = 0.95;
constexpr double kWorryingSlopeError = 0.1;

std::string Listed(const std::vector<double>& b_values) {
  std::vector<std::string> texts;
  texts.reserve(b_values.size());
  for (const double b : b_values) texts.push_back(fmt::format("{:.0f}", b));
  return fmt::format("{}", fmt::join(texts, ", "));
}

MadeChannel Acquired(const WeightedVolume& image, std::size_t series) {
  return {
      image.volume, series, fmt::format("acquired, b {:.4g} s/mm²", image.b_value_s_mm2), false, {image.b_value_s_mm2},
      {},           nullptr};
}

MadeChannel Derived(image::Volume volume, const char* what, const DiffusionFit& fit, std::size_t series) {
  MadeChannel made{std::move(volume),
                   series,
                   fmt::format("derived: {} of the fit of b {} s/mm²", what, Listed(fit.b_values_s_mm2)),
                   true,
                   fit.b_values_s_mm2,
                   {},
                   nullptr};
  return made;
}

void FlagNoise(const DiffusionFit& fit, MadeChannel& made) {
  if (fit.fraction_at_noise_floor <= kWorryingFraction) return;
  made.flags.emplace_back(
      "diffusion_at_noise_floor",
      fmt::format("{:.0f} % of the body has no signal above noise at b {:.0f}: its ADC is too low there",
                  100 * fit.fraction_at_noise_floor, fit.b_values_s_mm2.back()));
}

MadeChannel VendorAdc(const Study& study, const StudyRoles& roles, const DiffusionImages& images) {
  const Series& series = study.series[roles.adc->series];
  const dicom::SeriesVolume& described = series.volumes[roles.adc->volume];
  const image::Volume map = dicom::LoadVolume(series, roles.adc->volume);
  CheckedAdc checked = CheckVendorAdc(map, described.unit, images.fit ? &*images.fit : nullptr, NameOf(series));
  MadeChannel made{
      std::move(checked.adc_um2_s), roles.adc->series, "the vendor's map; " + checked.how, false, {}, {}, nullptr};
  const auto& agreement = checked.agreement;
  if (agreement &&
      (agreement->correlation < kWorryingCorrelation || std::abs(agreement->slope - 1) > kWorryingSlopeError)) {
    made.flags.emplace_back(
        "adc_disagrees",
        fmt::format(
            "the vendor's ADC and the one fitted from the diffusion images agree poorly (r = {:.3f}, slope {:.3f})",
            agreement->correlation, agreement->slope));
  }
  return made;
}

// Positions of another frame of reference mean nothing here.
std::optional<image::Volume> StructuralReference(const Study& study, const StudyRoles& roles) {
  if (!roles.t2) return std::nullopt;
  const Series& reference = study.series[roles.t2->series];
  const Series& diffusion = study.series[roles.diffusion.front().series];
  if (reference.frame_of_reference_uid != diffusion.frame_of_reference_uid) return std::nullopt;
  return dicom::LoadVolume(reference, roles.t2->volume);
}

MadeChannel MakeChannel(const std::string& channel, const Study& study, const StudyRoles& roles,
                        const DiffusionImages& images) {
  if (channel == dataset::kAdc && roles.adc) return VendorAdc(study, roles, images);
  const std::size_t series = roles.diffusion.front().series;
  if (channel == dataset::kAdc) {
    MadeChannel made = Derived(images.fit->adc_um2_s, "ADC (ordinary log-linear)", *images.fit, series);
    FlagNoise(*images.fit, made);
    return made;
  }
  const bool wants_b0 = channel == dataset::kB0;
  for (const WeightedVolume& image : images.trace_weighted) {
    const bool fits = wants_b0 ? image.b_value_s_mm2 <= kHighestB0_s_mm2
                               : std::abs(image.b_value_s_mm2 - 1000) <= kB1000Tolerance_s_mm2;
    if (fits) return Acquired(image, series);
  }
  if (!images.fit) base::Throw(base::ErrorKind::kInternal, "channel " + channel + " was promised, but there is no fit");
  MadeChannel made = wants_b0 ? Derived(images.fit->s0, "S0", *images.fit, series)
                              : Derived(SignalAt(*images.fit, 1000), "the signal at b 1000", *images.fit, series);
  FlagNoise(*images.fit, made);
  return made;
}

}  // namespace

DiffusionImages LoadDiffusion(const Study& study, const StudyRoles& roles, bool compare_with_t2) {
  DiffusionImages images;
  std::map<std::size_t, std::vector<std::size_t>> by_series;
  for (const VolumeReference& each : roles.diffusion) by_series[each.series].push_back(each.volume);
  std::vector<WeightedVolume> volumes;
  for (const auto& [s, which] : by_series) {
    const Series& series = study.series[s];
    std::vector<image::Volume> loaded = dicom::LoadVolumes(series, which);
    for (std::size_t n = 0; n < which.size(); ++n) {
      const dicom::SeriesVolume& described = series.volumes[which[n]];
      volumes.push_back(
          {described.b_value_s_mm2.value_or(0), described.direction_key, described.trace, std::move(loaded[n])});
    }
  }
  images.trace_weighted = TraceWeighted(volumes);
  if (images.trace_weighted.size() < 2) return images;
  images.fit = FitDiffusion(images.trace_weighted);
  std::optional<image::Volume> reference;
  if (compare_with_t2) reference = StructuralReference(study, roles);
  const double highest_b = images.fit->b_values_s_mm2.back();
  const auto highest = std::find_if(images.trace_weighted.begin(), images.trace_weighted.end(),
                                    [&](const WeightedVolume& each) { return each.b_value_s_mm2 == highest_b; });
  images.quality = MeasureQuality(images.trace_weighted.front().volume, highest->volume, *images.fit,
                                  reference ? &*reference : nullptr);
  return images;
}

MadeChannel MakeDiffusionChannel(const std::string& channel, const Study& study, const StudyRoles& roles,
                                 const DiffusionImages& images) {
  MadeChannel made = MakeChannel(channel, study, roles, images);
  if (!images.quality) return made;
  if (const base::Finding finding = JudgeQuality(*images.quality); !finding.empty())
    made.flags.emplace_back(finding.code, finding.message);
  return made;
}

}  // namespace parotis::intake
