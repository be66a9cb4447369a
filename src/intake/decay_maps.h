// The channels D, F, DSTAR and K, fitted to a series of b-values (maps/decay.h), on the diffusion images' own grid.
#pragma once

#include <optional>
#include <string>

#include "intake/diffusion_channels.h"
#include "maps/decay.h"

namespace parotis::intake {

// Perfusion and kurtosis together where the b-values suffice, else each by itself as far as they do. Only the body is
// fitted. The noise is that of air at the highest b-value, where the images show air.
struct FittedDecay {
  std::optional<maps::DecayMaps> perfusion;  // D, f, D*; with K when both were fitted together
  std::optional<maps::DecayMaps> kurtosis;   // D, K by themselves
  double sigma = 0;
};

FittedDecay FitDecay(const DiffusionImages& images);

// `channel` is available. Provenance says the model, its b-values, σ, how many voxels were fitted and the median
// residual; a large one is flagged.
MadeChannel MakeDecayMap(const std::string& channel, const StudyRoles& roles, const FittedDecay& fitted);

}  // namespace parotis::intake
