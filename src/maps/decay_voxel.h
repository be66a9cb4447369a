// The fit of one voxel's decay.
#pragma once

#include <span>

namespace parotis::maps {

enum class Model { kIvim, kKurtosis, kIvimKurtosis };

// b in ms/µm², diffusivities in µm²/ms, signals of order 1; 0 what the model does not have.
struct VoxelDecay {
  double s0 = 0;
  double d = 0;
  double k = 0;
  double f = 0;
  double dstar = 0;
  double sum_of_squares = 0;
};

// `b` ascends; signal[n] ≥ 0 was measured at b[n], with noise of `sigma` (0: not known). `hold_slow_part` as in
// DecayOptions.
VoxelDecay FitVoxel(Model model, std::span<const double> b, std::span<const double> signal, double sigma,
                    bool hold_slow_part);

}  // namespace parotis::maps
