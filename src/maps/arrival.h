// When the contrast agent arrives in a dynamic series: one time for all voxels, from those that change most.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "image/volume.h"

namespace parotis::maps {

// The mean over the voxels of `mask` (null: all) whose signal varies most over time, one in twenty: vessels and what
// enhances strongly. Chosen by their variation, not by their rise, so that noise makes no step after the first frame.
std::vector<double> CurveOfMostVaried(const std::vector<const image::Volume*>& frames, const image::LabelVolume* mask);

// The break of the line that is level first and rises then, fitted to the frames up to 60 % of the peak (piecewise
// regression: Cheong et al., Phys Med Biol 2003;48:N83); the middle of the breaks that fit equally well to 1 % of the
// rise. Absent when the curve rises by less than 5 % of its beginning. Before the second frame when the first is the
// only one without agent; a series that begins after the arrival cannot be told from that.
std::optional<double> ArrivalTime(std::span<const double> times_s, std::span<const double> curve);

}  // namespace parotis::maps
