// Intensities as the network sees them. Private to prepare.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "image/volume.h"
#include "plan/plan.h"

namespace parotis::prepare {

// value → clamp((value − offset) · factor, ±limit)
struct Scaling {
  double offset = 0;
  double factor = 1;
  double limit = 65504;  // the largest number of half precision
};

// What a channel's plan says about an image on the case's own grid.
Scaling ScalingOf(const image::Volume& channel, const plan::ChannelPlan& plan);

// In place. Throws kInput naming `channel` when more than 1 % of the values do not fit into half precision.
void Apply(const Scaling& scaling, const std::string& channel, std::vector<float>& values);

}  // namespace parotis::prepare
