// Maps of how a dynamic contrast-enhanced series rises and falls: wash-in, time to peak, wash-out ratio, and the type
// of the curve. Pure functions on frames of one grid; the same bits on any number of threads.
//
// E(t) = (S(t) − S_pre) / S_pre, S_pre the mean of the frames before the agent arrives; t counts from the arrival,
// which is one time for all voxels (maps/arrival.h). Peak and slope are read from a local quadratic through E
// (half-width 25 s
// + 0.35 t, at least 2.5 frames, E(0) = 0), not from the frames: the largest of many noisy frames is always too high.
// docs/maps.md has what is left of that.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "image/volume.h"

namespace parotis::maps {

struct DynamicOptions {
  const image::LabelVolume* mask = nullptr;  // mapped where it is not 0; null: everywhere
  std::optional<double> arrival_s;           // since the first frame's time; absent: found
  double least_enhancement = 0.1;            // E at the peak; below it, or below five times its noise, a curve is flat
  int threads = 0;                           // 0: all
};

// Types of Yabuuchi et al., Radiology 2003;226:345.
enum class CurveType : std::uint8_t {
  kNone = 0,            // not mapped
  kSlow = 1,            // A: peak later than 120 s
  kFastWashOut = 2,     // B: peak by 120 s, wash-out ratio of 30 % and more
  kFastPersistent = 3,  // C: peak by 120 s, less wash-out
  kFlat = 4,            // D
};

inline constexpr double kSlowAfter_s = 120;
inline constexpr double kWashOutFrom_percent = 30;
inline constexpr double kWashOutAfter_s = 300;
inline constexpr double kLeastForWashOut_s = 270;

// A voxel that is not mapped (outside the mask, no positive signal before the agent, a value that is not finite) is 0
// everywhere; in a flat one all but the residual and the peak are.
struct DynamicMaps {
  image::Volume wash_in_percent_s;  // largest rise of E over one frame up to the peak, % of S_pre per second
  image::Volume time_to_peak_s;     // from arrival; that of the last frame where the signal rises to the end
  image::Volume wash_out_percent;   // (E_peak − E at 5 min) / E_peak, 0 … 100; empty when `no_wash_out` says why
  image::Volume peak;               // E at the peak, a fraction
  image::Volume residual;           // root mean square of frames − curve after the arrival, as a share of S_pre
  image::LabelVolume type;          // CurveType; without wash-out, a fast curve is C
  double arrival_s = 0;             // since the first frame's time
  std::size_t baseline_frames = 0;
  double wash_out_at_s = 0;  // after arrival: 300, or the last frame's time when that is 270 and more
  std::string no_wash_out;   // "" or why there is none, a sentence without full stop
};

// What is missing for maps, as the second half of a sentence; "" when nothing is: 6 frames and more, ascending times.
std::string DynamicNeeds(std::span<const double> times_s);

// frames[n] was acquired at times_s[n]. Throws kInput when the frames are too few, their times do not ascend or their
// grids differ; kRefused, dce_incomplete, when nothing enhances, no frame lies before the arrival, or less than 120 s
// after it.
DynamicMaps FitDynamic(const std::vector<const image::Volume*>& frames, std::span<const double> times_s,
                       const DynamicOptions& options = {});

}  // namespace parotis::maps
