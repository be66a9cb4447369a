// Voxel overlap of a predicted with a reference label map. Empty-label policy of the whole project: a label absent
// from both maps has no Dice (NaN; such cases are counted apart, never as 0 or 1); absent from one only: Dice 0.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "image/volume.h"

namespace parotis::evaluate {

inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

struct Overlap {
  std::int64_t true_positive = 0;
  std::int64_t false_positive = 0;
  std::int64_t false_negative = 0;
  std::int64_t true_negative = 0;

  std::int64_t predicted() const { return true_positive + false_positive; }
  std::int64_t reference() const { return true_positive + false_negative; }
  bool both_empty() const { return predicted() == 0 && reference() == 0; }
  bool operator==(const Overlap&) const = default;
};

double DiceOf(const Overlap& overlap);     // 2·TP / (predicted + reference); kUndefined when both are empty
double JaccardOf(const Overlap& overlap);  // TP / (TP + FP + FN), nnU-Net's "IoU"; kUndefined when both are empty

// [v] is label v of 0 … label_count−1; every voxel is counted. Throws kInput when the maps are not on one grid or hold
// a value ≥ label_count: both mean that the wrong files are compared.
std::vector<Overlap> OverlapPerLabel(const image::LabelVolume& reference, const image::LabelVolume& prediction,
                                     std::size_t label_count);
// Any foreground label against the background.
Overlap OverlapOfForeground(const image::LabelVolume& reference, const image::LabelVolume& prediction);

}  // namespace parotis::evaluate
