#include "intake/fitted_maps.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "dataset/case.h"
#include "image/threshold.h"
#include "intake/diffusion_set.h"
#include "maps/dynamic.h"

namespace parotis::intake {
namespace {

constexpr double kWorryingResidual = 0.1;

}  // namespace

void RefuseTooLittle(const dicom::Study& study, const StudyRoles& roles, const std::string& channel) {
  const std::vector<double> b_values = DistinctBValues(study, roles.diffusion);
  if (IsFittedMap(channel) && RoleOf(channel) == Role::kDwi && !b_values.empty()) {
    base::Refuse(
        base::Found("b_values_insufficient", fmt::format("channel {} {}; the study has b {:.0f}", channel,
                                                         MapNeeds(channel, b_values), fmt::join(b_values, ", "))));
  }
  if (RoleOf(channel) != Role::kDce || roles.dynamic.frames.empty()) return;
  const double least_s = channel == dataset::kWashOut ? maps::kLeastForWashOut_s : maps::kSlowAfter_s;
  base::Refuse(base::Found("dce_incomplete",
                           fmt::format("channel {} needs frames over {:.0f} s; the dynamic series has {} over {:.0f} s",
                                       channel, least_s, roles.dynamic.frames.size(), roles.dynamic.times_s.back())));
}

FitQuality QualityOf(const image::Volume& residual, const image::LabelVolume& fitted) {
  std::vector<float> values;
  for (std::size_t n = 0; n < residual.voxels.size(); ++n) {
    if (fitted.voxels[n] != 0) values.push_back(residual.voxels[n]);
  }
  const auto voxels = static_cast<std::int64_t>(values.size());
  const std::array<double, 1> middle = {0.5};
  return {voxels, image::Quantiles(std::move(values), middle).front()};
}

void FlagPoorFit(const std::string& channel, const FitQuality& quality, MadeChannel& made) {
  if (quality.residual_median <= kWorryingResidual) return;
  made.flags.emplace_back("map_fits_poorly",
                          fmt::format("half of the voxels of {} miss its model by {:.0f} % of their signal and more",
                                      channel, 100 * quality.residual_median));
}

}  // namespace parotis::intake
