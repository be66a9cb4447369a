#include "prepare/normalise.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "dataset/body_mask.h"
#include "image/threshold.h"

namespace parotis::prepare {
namespace {

constexpr double kRobustLimit = 5;
constexpr std::size_t kSamples = 1 << 18;  // enough for quantiles of 0.5 %; more only costs time
constexpr double kLargestHalf = 65504;
constexpr double kMostBeyond = 0.01;

std::vector<float> SamplesInside(const image::LabelVolume& mask, const image::Volume& channel) {
  const auto inside =
      static_cast<std::size_t>(std::count_if(mask.voxels.begin(), mask.voxels.end(), [](auto v) { return v != 0; }));
  const std::size_t step = 1 + inside / kSamples;
  std::vector<float> samples;
  std::size_t until_next = 0;
  for (std::size_t v = 0; v < mask.voxels.size(); ++v) {
    if (mask.voxels[v] == 0) continue;
    if (until_next == 0) samples.push_back(channel.voxels[v]);
    until_next = until_next == 0 ? step - 1 : until_next - 1;
  }
  return samples;
}

Scaling RobustScaling(const image::Volume& channel) {
  const std::vector<float> samples = SamplesInside(dataset::BodyMask(channel), channel);
  const std::vector<float> q = image::Quantiles(samples, std::array{0.005, 0.5, 0.995, 0.0, 1.0});
  double spread = static_cast<double>(q[2]) - q[0];
  if (!(spread > 0)) spread = static_cast<double>(q[4]) - q[3];  // nearly everything has one value
  return {q[1], spread > 0 ? 2 / spread : 0, kRobustLimit};
}

}  // namespace

Scaling ScalingOf(const image::Volume& channel, const plan::ChannelPlan& plan) {
  switch (plan.normalisation) {
    case plan::Normalisation::kRobust: return RobustScaling(channel);
    case plan::Normalisation::kPhysical: return {plan.offset, 1 / plan.scale, kLargestHalf};
    case plan::Normalisation::kNone: return {};
  }
  base::Throw(base::ErrorKind::kInternal, "a normalisation without a rule");
}

void Apply(const Scaling& scaling, const std::string& channel, std::vector<float>& values) {
  std::size_t beyond = 0;
  for (float& value : values) {
    const double scaled = (value - scaling.offset) * scaling.factor;
    beyond += std::abs(scaled) > kLargestHalf ? 1 : 0;
    value = static_cast<float>(std::clamp(scaled, -scaling.limit, scaling.limit));
  }
  if (scaling.limit == kLargestHalf && static_cast<double>(beyond) > kMostBeyond * static_cast<double>(values.size())) {
    base::Throw(
        base::ErrorKind::kInput,
        fmt::format("channel {} reaches beyond ±{} after its normalisation, more than half precision holds; choose the "
                    "normalisation \"robust\" for it in the plan, or another scale",
                    channel, kLargestHalf));
  }
}

}  // namespace parotis::prepare
