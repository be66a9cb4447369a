// Which lesions were found: connected regions of the reference against connected regions of the prediction.
#pragma once

#include <cstdint>
#include <set>

#include "image/volume.h"

namespace parotis::evaluate {

// A predicted and a reference lesion are the same one from this intersection over union on (Metrics Reloaded,
// Nat Methods 2024;21:195, for rough localisation).
inline constexpr double kSameLesionIou = 0.1;

struct DetectionCounts {
  std::int64_t true_positive = 0;   // reference lesions that were found
  std::int64_t false_positive = 0;  // predicted lesions without a reference lesion of their own
  std::int64_t false_negative = 0;  // reference lesions that were missed

  bool operator==(const DetectionCounts&) const = default;
};

// A predicted lesion with its score, and whether it is one of the reference's.
struct ScoredDetection {
  double score = 0;
  bool is_true = false;
};

// The same question for lesions that are numbered already (a lesion map: ids 1 … n).
struct LesionMatch {
  std::int64_t reference_lesions = 0;
  std::set<std::int32_t> true_ids;  // of the lesions that are one of the reference's
};

// Reference: 26-connected regions of any foreground label. Pairs are formed as below.
LesionMatch MatchLesions(const image::LabelVolume& reference, const image::LabelVolume& lesion_map,
                         double least_iou = kSameLesionIou);

// 26-connected regions of any foreground label; pairs are formed one to one, the best overlap first.
DetectionCounts CountDetections(const image::LabelVolume& reference, const image::LabelVolume& prediction,
                                double least_iou = kSameLesionIou);

}  // namespace parotis::evaluate
