// The channels that are fitted: D, F, DSTAR and K from many b-values, WASHIN, TTP and WASHOUT from a dynamic series.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "physics/scan.h"

namespace parotis::physics {

// The names, in order, of what a protocol of this kind gives.
std::vector<std::string> FittedChannels(ProtocolKind kind);

// Name and map, each on the grid of its own images; fitted to the noisy images within the body, as an import does
// (docs/maps.md). Empty for the paper's protocol.
std::vector<std::pair<std::string, image::Volume>> FitChannels(const Examination& examination);

}  // namespace parotis::physics
