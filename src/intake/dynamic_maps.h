// The channels WASHIN, TTP and WASHOUT, from a dynamic contrast-enhanced series (maps/dynamic.h), on its own grid.
#pragma once

#include <string>
#include <vector>

#include "intake/diffusion_channels.h"
#include "maps/dynamic.h"

namespace parotis::intake {

// As far as the frames' times allow; whether an agent arrives in time only the pixels show.
std::vector<std::string> DynamicChannels(const DynamicSet& set);

struct DynamicImages {
  image::Volume mean;  // of all frames: what is aligned
  maps::DynamicMaps maps;
};

// Loads the frames and maps the body. Throws kRefused, dce_incomplete, when no agent arrives, none of the frames lies
// before it, or they end too early.
DynamicImages LoadDynamic(const dicom::Study& study, const DynamicSet& set);

// Throws kRefused, dce_incomplete, for WASHOUT when the frames end too early after the arrival. Provenance says how
// many frames there are, their times and which attribute gave them, the arrival, and the median residual.
MadeChannel MakeDynamicMap(const std::string& channel, const DynamicSet& set, const DynamicImages& images);

}  // namespace parotis::intake
