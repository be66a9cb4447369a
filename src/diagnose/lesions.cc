#include "diagnose/lesions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "base/error.h"
#include "diagnose/diameters.h"
#include "image/components.h"
#include "image/threshold.h"

namespace parotis::diagnose {
namespace {

using Index = std::array<std::int64_t, 3>;

constexpr double kLowestTissueAdc_um2_s = 20;
constexpr double kHighestTissueAdc_um2_s = 20000;

Index IndexOf(const image::Geometry& grid, std::size_t offset) {
  const auto flat = static_cast<std::int64_t>(offset);
  return {flat % grid.size[0], flat / grid.size[0] % grid.size[1], flat / (grid.size[0] * grid.size[1])};
}

void FillScoresAndClasses(Region& region, const dataset::Prediction& prediction) {
  const std::size_t classes = prediction.label_names.size() - 1;
  region.class_probabilities.assign(classes, 0);
  double score_sum = 0;
  for (const std::size_t v : region.voxels) {
    const double score = 1.0 - prediction.probabilities[0].voxels[v];
    score_sum += score;
    region.peak_score = std::max(region.peak_score, score);
    for (std::size_t c = 0; c < classes; ++c)
      region.class_probabilities[c] += prediction.probabilities[c + 1].voxels[v];
  }
  region.mean_score = score_sum / static_cast<double>(region.voxels.size());
  double sum = 0;
  for (const double p : region.class_probabilities) sum += p;
  for (double& p : region.class_probabilities)
    p = sum > 0 ? p / sum : 1.0 / static_cast<double>(region.class_probabilities.size());
}

image::LabelVolume MaskAbove(const image::Volume& background, double threshold, double& highest) {
  image::LabelVolume mask(background.geometry);
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) {
    const double score = 1.0 - background.voxels[v];
    mask.voxels[v] = score >= threshold;
    highest = std::max(highest, score);
  }
  return mask;
}

// In-plane coordinates in mm; `first` and `second` are the index axes within a slice.
struct Plane {
  int slice_axis, first, second;
  double first_mm, second_mm;
};

Plane PlaneOf(const image::Geometry& grid) {
  const int slice_axis = image::SliceAxis(grid.spacing_mm);
  const int first = slice_axis == 0 ? 1 : 0;
  const int second = slice_axis == 2 ? 1 : 2;
  return {slice_axis, first, second, grid.spacing_mm[first], grid.spacing_mm[second]};
}

// The midpoints of the pixel edges that separate the shape from its surroundings.
std::vector<Point2> OutlineOf(std::vector<std::array<std::int64_t, 2>> pixels, const Plane& plane) {
  std::sort(pixels.begin(), pixels.end());
  std::vector<Point2> outline;
  for (const auto& pixel : pixels) {
    for (const auto& step : {std::array{1, 0}, std::array{-1, 0}, std::array{0, 1}, std::array{0, -1}}) {
      if (std::binary_search(pixels.begin(), pixels.end(), std::array{pixel[0] + step[0], pixel[1] + step[1]}))
        continue;
      outline.push_back({(static_cast<double>(pixel[0]) + 0.5 * step[0]) * plane.first_mm,
                         (static_cast<double>(pixel[1]) + 0.5 * step[1]) * plane.second_mm});
    }
  }
  return outline;
}

void MeasureSize(dataset::Lesion& lesion, const Region& region, const image::Geometry& grid) {
  const Plane plane = PlaneOf(grid);
  std::map<std::int64_t, std::vector<std::array<std::int64_t, 2>>> slices;
  for (const std::size_t v : region.voxels) {
    const Index index = IndexOf(grid, v);
    slices[index[plane.slice_axis]].push_back({index[plane.first], index[plane.second]});
  }
  std::size_t most = 0;
  for (const auto& [slice, pixels] : slices) most = std::max(most, pixels.size());
  for (const auto& [slice, pixels] : slices) {
    if (pixels.size() < most) continue;
    const Diameters diameters = DiametersOf(OutlineOf(pixels, plane));
    if (diameters.long_mm <= lesion.long_axis_mm) continue;
    lesion.slice = slice;
    lesion.long_axis_mm = diameters.long_mm;
    lesion.short_axis_mm = diameters.short_mm;
  }
}

void MeasureCentre(dataset::Lesion& lesion, const Region& region, const image::Geometry& grid) {
  for (const std::size_t v : region.voxels) {
    const image::Vector3 point = WorldOfVoxel(grid, v);
    for (int a = 0; a < 3; ++a) lesion.centre_world[a] += point[a] / static_cast<double>(region.voxels.size());
  }
}

// The lesion's values on a map. Voxels at exactly 0 carry no measurement (outside the diffusion's field of view); with
// fewer than half of the lesion measured there are none.
std::vector<float> MeasuredValues(const Region& region, const image::Volume& map) {
  std::vector<float> values;
  for (const std::size_t v : region.voxels) {
    if (map.voxels[v] != 0) values.push_back(map.voxels[v]);
  }
  if (2 * values.size() < region.voxels.size()) values.clear();
  return values;
}

double MeanOf(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void MeasureAdc(dataset::Lesion& lesion, std::vector<float> adc_um2_s) {
  const double mean = MeanOf(adc_um2_s);
  double squares = 0;
  for (const float value : adc_um2_s) squares += (value - mean) * (value - mean);
  lesion.adc_mean_um2_s = mean;
  if (adc_um2_s.size() > 1) lesion.adc_sd_um2_s = std::sqrt(squares / static_cast<double>(adc_um2_s.size() - 1));
  lesion.adc_min_um2_s = *std::min_element(adc_um2_s.begin(), adc_um2_s.end());
  lesion.adc_p10_um2_s = image::Quantiles(std::move(adc_um2_s), std::array{0.1})[0];
}

void MeasureChannels(dataset::Lesion& lesion, const Region& region, const dataset::Case& examination) {
  for (std::size_t c = 0; c < examination.channels.size(); ++c) {
    const std::string& name = examination.channel_names[c];
    if (!dataset::IsQuantity(name)) continue;
    std::vector<float> values = MeasuredValues(region, examination.channels[c]);
    if (values.empty()) continue;
    lesion.channel_means[name] = MeanOf(values);
    if (name == dataset::kAdc) MeasureAdc(lesion, values);
    lesion.channel_medians[name] = image::Quantiles(std::move(values), std::array{0.5})[0];
  }
}

}  // namespace

image::Vector3 WorldOfVoxel(const image::Geometry& grid, std::size_t offset) {
  const Index index = IndexOf(grid, offset);
  return WorldFromVoxel(grid,
                        {static_cast<double>(index[0]), static_cast<double>(index[1]), static_cast<double>(index[2])});
}

void ApplyTemperature(std::vector<double>& probabilities, double temperature) {
  double sum = 0;
  for (double& p : probabilities) sum += p = std::pow(p, 1 / temperature);
  for (double& p : probabilities) p = sum > 0 ? p / sum : 1.0 / static_cast<double>(probabilities.size());
}

Regions FindRegions(const dataset::Prediction& prediction, const plan::DiagnosisPlan& rule) {
  Regions regions;
  const image::Volume& background = prediction.probabilities[0];
  const image::Components parts = image::FindComponents(
      MaskAbove(background, rule.voxel_threshold, regions.highest_score), image::Connectivity::kAll);
  std::vector<Region> found(parts.sizes.size());
  const double voxel_ml = background.geometry.voxel_volume_mm3() / 1000;
  for (std::size_t c = 0; c < found.size(); ++c) found[c].volume_ml = static_cast<double>(parts.sizes[c]) * voxel_ml;
  for (std::size_t v = 0; v < parts.ids.voxels.size(); ++v) {
    if (parts.ids.voxels[v] > 0) found[static_cast<std::size_t>(parts.ids.voxels[v] - 1)].voxels.push_back(v);
  }
  for (Region& region : found) {
    FillScoresAndClasses(region, prediction);
    if (region.volume_ml < rule.min_volume_ml) {
      ++regions.too_small;
    } else if (region.peak_score < rule.min_peak_probability) {
      ++regions.too_faint;
    } else if (regions.kept.size() == kMostLesions) {
      ++regions.beyond_limit;
    } else {
      regions.kept.push_back(std::move(region));
    }
  }
  return regions;
}

dataset::Lesion Measure(const Region& region, const dataset::Case& examination) {
  dataset::Lesion lesion;
  lesion.volume_ml = region.volume_ml;
  lesion.network_probabilities = region.class_probabilities;
  lesion.peak_score = region.peak_score;
  lesion.mean_score = region.mean_score;
  MeasureCentre(lesion, region, examination.grid);
  MeasureSize(lesion, region, examination.grid);
  MeasureChannels(lesion, region, examination);
  return lesion;
}

std::string FaultOfAdcUnit(const dataset::Case& examination) {
  const image::Volume* adc = examination.Find(dataset::kAdc);
  if (adc == nullptr) return "";
  std::int64_t positive = 0;
  std::int64_t below = 0;
  std::int64_t above = 0;
  for (const float value : adc->voxels) {
    positive += value > 0;
    below += value > 0 && value < kLowestTissueAdc_um2_s;
    above += value > kHighestTissueAdc_um2_s;
  }
  if (positive == 0 || (100 * below < 99 * positive && 2 * above < positive)) return "";
  return fmt::format(
      "the channel {} of case {} is not in µm²/s (10⁻⁶ mm²/s): {} % of its values lie {}; convert it, tissue has 500 "
      "to "
      "3000",
      dataset::kAdc, examination.id, 100 * std::max(below, above) / positive,
      below >= above ? "below 20" : "above 20,000");
}

}  // namespace parotis::diagnose
