#include "view/channel_scale.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "dataset/case.h"
#include "image/threshold.h"

namespace parotis::view {
namespace {

constexpr float kStepsShown = 4096;
constexpr std::array kShownQuantiles = {0.01, 0.995};
constexpr std::size_t kMostSamples = 200'000;
constexpr float kAdcWindow_um2_s = 3000;

float GreatestOf(const image::Volume& volume) {
  float greatest = 0;
  for (const float value : volume.voxels) greatest = std::max(greatest, std::abs(value));
  return greatest;
}

// What is shown at first: of the voxels that hold something.
std::array<float, 2> WindowOf(const std::string& channel, const image::Volume& volume) {
  if (channel == dataset::kAdc) return {0, kAdcWindow_um2_s};
  std::vector<float> values;
  const std::size_t stride = std::max<std::size_t>(1, volume.voxels.size() / kMostSamples);
  for (std::size_t v = 0; v < volume.voxels.size(); v += stride) {
    if (volume.voxels[v] != 0) values.push_back(volume.voxels[v]);
  }
  if (values.empty()) return {0, 1};
  const std::vector<float> limits = image::Quantiles(std::move(values), kShownQuantiles);
  const float low = dataset::IsQuantity(channel) ? std::min(0.0F, limits[0]) : limits[0];
  return {low, limits[1] > low ? limits[1] : low + 1};
}

float StepOf(const std::string& channel, const image::Volume& volume, const std::array<float, 2>& window) {
  constexpr float kMost = 32767;
  const float needed = GreatestOf(volume) / kMost;
  if (channel == dataset::kAdc) return std::max(1.0F, needed);
  const float wanted = dataset::IsQuantity(channel) ? needed : (window[1] - window[0]) / kStepsShown;
  return std::max({wanted, needed, 1e-6F});
}

std::string UnitOf(const std::string& channel) {
  if (channel == dataset::kAdc || channel == dataset::kDiffusivity || channel == dataset::kPseudoDiffusion)
    return "µm²/s";
  if (channel == dataset::kTimeToPeak) return "s";
  if (channel == dataset::kWashIn) return "%/s";
  return channel == dataset::kWashOut ? "%" : "";
}

}  // namespace

ChannelScale ScaleOf(const std::string& channel, const image::Volume& volume) {
  const std::array<float, 2> window = WindowOf(channel, volume);
  return {window, StepOf(channel, volume, window), UnitOf(channel)};
}

}  // namespace parotis::view
